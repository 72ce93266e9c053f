package dev.belay.chaos;

import dev.belay.Check;
import java.time.Duration;

/** What a fault does to a call. */
public sealed interface Effect {
  /** The longest delay, in milliseconds. */
  long MAX_DELAY_MS = 30_000;

  /** The name of the kind of effect, as in reports and spaces: {@code delay}, {@code abort}… */
  String kind();

  /**
   * The call reaches the callee later.
   *
   * @param by how much later; 1 ms to 30 s
   */
  record Delay(Duration by) implements Effect {
    public Delay {
      long millis = by.toMillis();
      Check.that(
          millis >= 1 && millis <= MAX_DELAY_MS, "delay must be in 1ms..30s, was %dms", millis);
    }

    @Override
    public String kind() {
      return "delay";
    }

    @Override
    public String toString() {
      return "delay " + by.toMillis() + "ms";
    }
  }

  /**
   * The callee is not reached; the caller gets a status instead.
   *
   * @param status 400 to 599
   */
  record Abort(int status) implements Effect {
    public Abort {
      Check.that(status >= 400 && status <= 599, "status must be in 400..599, was %d", status);
    }

    @Override
    public String kind() {
      return "abort";
    }

    @Override
    public String toString() {
      return "abort " + status;
    }
  }

  /** The connection is reset before the callee is reached. */
  record Reset() implements Effect {
    @Override
    public String kind() {
      return "reset";
    }

    @Override
    public String toString() {
      return "reset";
    }
  }

  /**
   * The body of the answer comes slowly.
   *
   * @param bytesPerSecond at least 1
   */
  record Throttle(long bytesPerSecond) implements Effect {
    public Throttle {
      Check.that(bytesPerSecond >= 1, "bytes per second must be >= 1, was %d", bytesPerSecond);
    }

    @Override
    public String kind() {
      return "throttle";
    }

    @Override
    public String toString() {
      return "throttle " + bytesPerSecond + "B/s";
    }
  }

  /**
   * The body of the answer breaks off.
   *
   * @param afterBytes how many of its bytes come through; at least 0
   */
  record Truncate(long afterBytes) implements Effect {
    public Truncate {
      Check.that(afterBytes >= 0, "bytes before the cut must be >= 0, was %d", afterBytes);
    }

    @Override
    public String kind() {
      return "truncate";
    }

    @Override
    public String toString() {
      return "truncate after " + afterBytes + "B";
    }
  }

  /** Bytes in the body of the answer are changed. */
  record Corrupt() implements Effect {
    @Override
    public String kind() {
      return "corrupt";
    }

    @Override
    public String toString() {
      return "corrupt";
    }
  }

  /**
   * The callee does its work, and the caller gets another status: the side effect stays.
   *
   * @param status 400 to 599
   */
  record Rewrite(int status) implements Effect {
    public Rewrite {
      Check.that(status >= 400 && status <= 599, "status must be in 400..599, was %d", status);
    }

    @Override
    public String kind() {
      return "rewrite";
    }

    @Override
    public String toString() {
      return "rewrite " + status;
    }
  }
}
