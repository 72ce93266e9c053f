package dev.belay.server.api;

/** What to ask a page so that it answers with all that is hard to read or to use. */
final class Legibility {
  /** Texts whose contrast is below 4.5 to 1. */
  static final String FAINT =
      """
      () => {
        const canvas = new OffscreenCanvas(1, 1).getContext('2d', {willReadFrequently: true});
        const rgb = color => {
          canvas.clearRect(0, 0, 1, 1);
          canvas.fillStyle = color;
          canvas.fillRect(0, 0, 1, 1);
          return [...canvas.getImageData(0, 0, 1, 1).data];
        };
        const light = ([r, g, b]) => [r, g, b]
          .map(v => v / 255).map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
          .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
        const ground = e => {
          for (; e; e = e.parentElement) {
            const color = rgb(getComputedStyle(e).backgroundColor);
            if (color[3] > 250) return color;
          }
          return [255, 255, 255];
        };
        return [...document.querySelectorAll('body *')].filter(e => e.checkVisibility()
            && !e.closest('.hidden, .skip, :disabled')
            && [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()))
          .map(e => {
            const style = getComputedStyle(e);
            const [a, b] = [light(rgb(e.namespaceURI.endsWith('svg') ? style.fill : style.color)), light(ground(e))];
            return [(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), e.className + ' ' + e.textContent.slice(0, 30)];
          })
          .filter(([contrast]) => contrast < 4.5).map(([contrast, what]) => contrast.toFixed(2) + ' ' + what);
      }
      """;

  /** Controls without a name, and ids that are there twice. */
  static final String NAMELESS =
      """
      () => [
        ...[...document.querySelectorAll('button, input, select, textarea, a')].filter(e => e.checkVisibility()
          && !(e.textContent.trim() || e.ariaLabel || e.labels?.length)).map(e => e.outerHTML),
        ...[...document.querySelectorAll('[id]')].map(e => e.id).filter((id, i, all) => all.indexOf(id) !== i),
      ]
      """;

  private Legibility() {}
}
