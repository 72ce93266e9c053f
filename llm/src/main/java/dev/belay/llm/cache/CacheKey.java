package dev.belay.llm.cache;

import dev.belay.Sha256;
import dev.belay.llm.LlmRequest;
import dev.belay.llm.form.RequestForm;

/**
 * By what equal requests are told: model, messages, format, tools, sampling and all else that is
 * sent. A hash, so that no text of a request is kept.
 */
final class CacheKey {
  private CacheKey() {}

  static String of(LlmRequest request) {
    return Sha256.hex(RequestForm.write(request).toString(), 32);
  }
}
