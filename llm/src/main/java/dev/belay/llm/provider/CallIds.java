package dev.belay.llm.provider;

/**
 * The ids by which results refer to tool calls. Gemini wants a signature of its thoughts back with
 * each call; it rides along behind the id, and other providers never see it.
 */
final class CallIds {
  private static final char SEAM = '~';
  private static final int LONGEST = 40;

  private CallIds() {}

  /** An id that every provider takes. */
  static String plain(String id) {
    String clean = bare(id).replaceAll("[^A-Za-z0-9_-]", "_");
    if (clean.isEmpty()) {
      return "call_0";
    }
    if (clean.length() <= LONGEST) {
      return clean;
    }
    return clean.substring(0, LONGEST - 9) + "_" + "%08x".formatted(clean.hashCode());
  }

  /** Without the signature. */
  static String bare(String id) {
    int seam = id.indexOf(SEAM);
    return seam < 0 ? id : id.substring(0, seam);
  }

  /** Empty if there is none. */
  static String signature(String id) {
    int seam = id.indexOf(SEAM);
    return seam < 0 ? "" : id.substring(seam + 1);
  }

  static String signed(String id, String signature) {
    return signature.isEmpty() ? id : id + SEAM + signature;
  }
}
