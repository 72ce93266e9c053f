package dev.belay.llm.provider;

/** How a key is shown to a provider. */
public enum Login {
  /** {@code Authorization: Bearer}. */
  BEARER,
  /** {@code api-key}, as Azure wants it. */
  API_KEY,
  /** {@code x-api-key}, as Anthropic wants it. */
  X_API_KEY,
  /** {@code x-goog-api-key}, as Google wants it. */
  GOOGLE;

  /** The headers for this key; none if it is empty. */
  public Headers with(String key) {
    if (key.isEmpty()) {
      return Headers.NONE;
    }
    return switch (this) {
      case BEARER -> Headers.of("authorization", "Bearer " + key);
      case API_KEY -> Headers.of("api-key", key);
      case X_API_KEY -> Headers.of("x-api-key", key);
      case GOOGLE -> Headers.of("x-goog-api-key", key);
    };
  }
}
