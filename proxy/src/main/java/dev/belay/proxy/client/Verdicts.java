package dev.belay.proxy.client;

import dev.belay.Classifier;
import dev.belay.Verdict;
import org.jspecify.annotations.Nullable;

/** Verdicts are made where the evidence is; here they are only read. */
final class Verdicts implements Classifier {
  @Override
  public Verdict value(@Nullable Object value) {
    return value instanceof Received received ? received.verdict() : Verdict.SUCCESS;
  }

  @Override
  public Verdict failure(Throwable failure) {
    return failure instanceof AttemptFailed failed
        ? failed.verdict()
        : Classifier.STANDARD.failure(failure);
  }
}
