/**
 * Carbon that ecosystems breathe in and out: how respiration answers to temperature, and photosynthesis to light.
 * @module
 */
export {potentialRadiation} from './sun';
export {saturation, simulatedWeather, type Weather} from './weather';
export {tharandt1998} from './tharandt';
export {
  breathing, exponentialFit, logRows, movingAverage, sampled, tens, TRUE_Q10, type Breaths, type Ecosystem,
  type SampledOptions,
} from './respiration';
export {gradientFit, type GradientFit, type GradientFitOptions} from './hybrid';
export {publishedQ10, type PublishedQ10} from './published';
export {conditions, exchanging, lightUse, type Exchange, type ExchangingOptions} from './uptake';
export {lightCurve, lightResponse, type LightCurve, type LightRows} from './lightResponse';
export {agreement, byOutcome, partitioned, type Partition, type PartitionOptions} from './partition';
export {thetaByCell, type ThetaCell, type ThetaCellOptions} from './thetaMap';
export {siteMonth, siteMonths, type SiteMonth} from './siteMonth';
