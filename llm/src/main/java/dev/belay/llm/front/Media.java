package dev.belay.llm.front;

import dev.belay.llm.Part;

/** Addresses of pictures, those that hold the picture among them. */
final class Media {
  private Media() {}

  /** Reads {@code data:image/png;base64,...} or an address. */
  static Part.Media of(String url) {
    int comma = url.indexOf(',');
    if (url.startsWith("data:") && comma > 0 && url.substring(0, comma).endsWith(";base64")) {
      String type = url.substring("data:".length(), comma - ";base64".length());
      return new Part.Media(type, url.substring(comma + 1), true);
    }
    return new Part.Media("image/*", url, false);
  }
}
