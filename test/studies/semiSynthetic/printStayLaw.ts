// Prints the numbers of lib/studies/semiSynthetic/substrate/demoStayLaw.ts, for which both demos must be here:
// npx tsx test/studies/semiSynthetic/printStayLaw.ts
import {fitStayLaw, readDemoStays} from '../../../lib/studies/semiSynthetic';

void readDemoStays().then(real => {
  console.log(JSON.stringify(fitStayLaw(real),
    (_, v: unknown) => (typeof v === 'number' ? Number(v.toPrecision(4)) : v), 2));
});
