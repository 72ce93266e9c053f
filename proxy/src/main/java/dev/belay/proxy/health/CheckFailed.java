package dev.belay.proxy.health;

import dev.belay.Blame;
import dev.belay.ErrorClass;
import dev.belay.Verdict;
import dev.belay.http.DialException;
import dev.belay.http.DialException.Reach;
import java.io.Serial;

/** A check that came to nothing. Has no stack; its message holds no secret. */
final class CheckFailed extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  private final Reach reach;
  private final transient Verdict verdict;

  /** One after the proxy was reached. */
  CheckFailed(ErrorClass errorClass, Blame blame, String message) {
    this(Reach.THERE, Verdict.retry(errorClass, blame), message);
  }

  private CheckFailed(Reach reach, Verdict verdict, String message) {
    super(message, null, false, false);
    this.reach = reach;
    this.verdict = verdict;
  }

  /** What any failure of a check means. */
  static CheckFailed of(Throwable failure) {
    return switch (failure) {
      case CheckFailed known -> known;
      case DialException dial ->
          new CheckFailed(dial.reach(), dial.verdict(), String.valueOf(dial.getMessage()));
      // what others throw may quote what it met
      default ->
          new CheckFailed(
              Reach.UNKNOWN,
              Verdict.retry(ErrorClass.RESET, Blame.UNKNOWN),
              "broke the connection");
    };
  }

  Reach reach() {
    return reach;
  }

  Verdict verdict() {
    return verdict;
  }
}
