package dev.belay.llm.cache;

import dev.belay.llm.LlmRequest;
import dev.belay.llm.form.RequestForm;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * By what equal requests are told: model, messages, format, tools, sampling and all else that is
 * sent. A hash, so that no text of a request is kept.
 */
final class CacheKey {
  private CacheKey() {}

  static String of(LlmRequest request) {
    try {
      byte[] text = RequestForm.write(request).toString().getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java has SHA-256", impossible);
    }
  }
}
