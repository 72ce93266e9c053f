package dev.belay.llm.call;

import dev.belay.Verdict;
import java.io.Serial;

/** Carries a failed attempt through the engine, together with what is to be made of it. */
final class JudgedFailure extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  private final transient Verdict verdict;
  private final transient Trouble trouble;

  JudgedFailure(Verdict verdict, Trouble trouble) {
    super(trouble.words(), trouble.cause(), false, false);
    this.verdict = verdict;
    this.trouble = trouble;
  }

  Verdict verdict() {
    return verdict;
  }

  Trouble trouble() {
    return trouble;
  }
}
