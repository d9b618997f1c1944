export {interact, type Widgets, type WidgetValues} from './interact';
export {
  button, checkbox, dropdown, type DropdownOptions, slider, type SliderOptions, textBox, toggle, type Widget,
} from './widget';
