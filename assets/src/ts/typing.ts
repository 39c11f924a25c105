// Tells whether a key press belongs to a control, so that a shortcut never eats what somebody types.
export function typing(event: KeyboardEvent): boolean {
  const at = event.target as HTMLElement;
  return (
    event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey ||
    at.isContentEditable || at.matches?.("input:not([type=checkbox],[type=radio]), textarea, select")
  );
}
