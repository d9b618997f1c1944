/**
 * Parts of names, in lower case, by which orders and administrations of antibiotics are found: those of the MIMIC code
 * repository's concept `antibiotic`, each once. Some drugs of infections are not among them (ertapenem, imipenem,
 * daptomycin, tigecycline, colistin, most against fungi, all against viruses): whoever adds them moves Sepsis-3.
 * @reference Johnson et al. 2018, The MIMIC Code Repository. doi:10.1093/jamia/ocx084
 */
export const antibioticNames: readonly string[] = Object.freeze([
  'adoxa', 'ala-tet', 'alodox', 'amikacin', 'amikin', 'amoxicill', 'amphotericin', 'ampicillin', 'ancef',
  'anidulafungin', 'augmentin', 'avelox', 'avidoxy', 'axetil', 'azactam', 'azithromycin', 'aztreonam', 'bactocill',
  'bactrim', 'bactroban', 'bethkis', 'biaxin', 'bicillin l-a', 'cayston', 'cedax', 'cefaclor', 'cefadroxil',
  'cefazolin', 'cefdinir', 'cefditoren', 'cefepime', 'cefotan', 'cefotaxime', 'cefotetan', 'cefoxitin', 'cefpirome',
  'cefpodoxime', 'cefprozil', 'ceftaroline', 'ceftazidime', 'ceftibuten', 'ceftin', 'ceftriaxone', 'cefuroxime',
  'cephalexin', 'cephalothin', 'cephapririn', 'chloramphenicol', 'cipro', 'claforan', 'clarithromycin', 'clavulanate',
  'cleocin', 'clindamycin', 'cubicin', 'dicloxacillin', 'dirithromycin', 'doryx', 'doxycy', 'duricef', 'dynacin',
  'ery-tab', 'eryc', 'eryped', 'erythrocin', 'erythromycin', 'factive', 'flagyl', 'fortaz', 'furadantin', 'garamycin',
  'gentamicin', 'kanamycin', 'keflex', 'kefzol', 'ketek', 'levaquin', 'levofloxacin', 'lincocin', 'linezolid',
  'macrobid', 'macrodantin', 'maxipime', 'mefoxin', 'meropenem', 'methicillin', 'metronidazole', 'minocin',
  'minocycline', 'monodox', 'monurol', 'morgidox', 'moxatag', 'moxifloxacin', 'mupirocin', 'myrac', 'nafcillin',
  'neomycin', 'nicazel doxy 30', 'nitrofurantoin', 'norfloxacin', 'noroxin', 'ocudox', 'ofloxacin', 'omnicef', 'oracea',
  'oraxyl', 'oxacillin', 'panixine', 'pc pen vk', 'pce dispertab', 'pediazole', 'penicillin', 'periostat', 'pfizerpen',
  'piperacillin', 'primsol', 'proquin', 'raniclor', 'rifadin', 'rifampin', 'rocephin', 'septra', 'smz-tmp', 'solodyn',
  'spectracef', 'streptomycin', 'sulfadiazine', 'sulfamethoxazole', 'sulfatrim', 'sulfisoxazole', 'suprax', 'synercid',
  'tazicef', 'tazobactam', 'tetracycline', 'timentin', 'tobramycin', 'trimethoprim', 'unasyn', 'vancocin', 'vancomycin',
  'vantin', 'vibativ', 'vibra-tabs', 'vibramycin', 'zinacef', 'zithromax', 'zosyn', 'zyvox',
]);

/** Parts of names, in lower case, of systemic antibiotics that {@link antibioticNames} leaves out. */
export const unlistedAntibioticNames: readonly string[] = Object.freeze([
  'avycaz', 'cefiderocol', 'cefixime', 'colisti', 'dalbavancin', 'daptomycin', 'doripenem', 'eravacycline', 'ertapenem',
  'fosfomycin', 'imipenem', 'isoniazid', 'omadacycline', 'oritavancin', 'polymyxin', 'quinupristin', 'rifabutin',
  'tedizolid', 'telavancin', 'tigecycline', 'vabomere',
]);

/** Parts of names, in lower case, of the three antibiotics that the paper studies. @paper section 5.3 */
export const paperAntibioticNames: readonly string[] = Object.freeze(['vancomycin', 'ceftriaxone', 'piperacillin']);

/** Parts of names, in lower case, of drugs against fungi, viruses and parasites, and of antibiotics that stay in the gut. */
const otherNames = [
  'abacavir', 'acyclovir', 'albendazole', 'atovaquone', 'caspofungin', 'clotrimazole', 'dapsone', 'emtricitabine',
  'entecavir', 'ethambutol', 'famciclovir', 'fidaxomicin', 'fluconazole', 'flucytosine', 'foscarnet', 'ganciclovir',
  'isavuconazonium', 'itraconazole', 'ivermectin', 'ketoconazole', 'lamivudine', 'letermovir', 'micafungin',
  'miconazole', 'nystatin', 'oseltamivir', 'pentamidine', 'peramivir', 'posaconazole', 'praziquantel', 'pyrazinamide',
  'pyrimethamine', 'raltegravir', 'remdesivir', 'ribavirin', 'rifaximin', 'silver sulfa', 'tenofovir', 'terbinafine',
  'valacyclovir', 'voriconazole', 'zidovudine',
];

/**
 * Regular expression, for names in lower case, of anti-infective drugs: what a source puts into `orders` and `doses`.
 * Which of them raise the suspicion of an infection is a rule of the concepts.
 */
export const antiInfectivePattern: string = namePattern([
  ...antibioticNames, ...unlistedAntibioticNames, ...otherNames,
]);

/** Regular expression that finds any of `parts`, which are of letters, digits, spaces and hyphens. */
export function namePattern(parts: readonly string[]): string {
  return parts.join('|');
}
