export {compileSystem, fieldOf, outputsOf, type CompiledSystem, type ControlSystem} from './controlSystem';
export {pendulumSystem, twoCompartments, threeCompartments, twinTissues, lotkaVolterra, inputDependent, unobservable, shiftedWindow, squaredOutput, cubicChain} from './workedSystems';
