package dev.belay;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Turns what came back into a {@link Verdict}. Safe for any number of threads.
 *
 * <p>What it throws itself ends the call; the attempt then counts neither way.
 */
public interface Classifier {

  /**
   * The rules without any of the user's: every value is a success; broken connections and timeouts
   * are worth another attempt and the endpoint's fault; {@link InterruptedException} and {@link
   * java.util.concurrent.CancellationException} mean that the caller gave up; bugs (null pointers,
   * bad arguments, bad casts and {@link Error}s) are permanent and the caller's; any other
   * exception is worth another attempt and the endpoint's fault.
   */
  Classifier STANDARD = new Classifier() {};

  /** What to make of a value; a success unless somebody knows better. */
  default Verdict value(@Nullable Object value) {
    return Verdict.SUCCESS;
  }

  /** What to make of a failure. */
  default Verdict failure(Throwable failure) {
    return Failures.verdict(failure);
  }

  /** Collects rules; the first that fits decides, and {@link #STANDARD} decides if none does. */
  static Builder builder() {
    return new Builder();
  }

  /** Rules over values and failures. */
  final class Builder {
    private record Rule(Predicate<Object> fits, Function<Object, Verdict> verdict) {}

    private final List<Rule> values = new ArrayList<>();
    private final List<Rule> failures = new ArrayList<>();

    private Builder() {}

    /** Values of this type that fit get this verdict. */
    public <T> Builder value(
        Class<T> type, Predicate<? super T> fits, Function<? super T, Verdict> verdict) {
      values.add(rule(type, fits, verdict));
      return this;
    }

    /** Failures of this type get this verdict. */
    public <X extends Throwable> Builder failure(
        Class<X> type, Function<? super X, Verdict> verdict) {
      return failure(type, failure -> true, verdict);
    }

    /** Failures of this type that fit get this verdict. */
    public <X extends Throwable> Builder failure(
        Class<X> type, Predicate<? super X> fits, Function<? super X, Verdict> verdict) {
      failures.add(rule(type, fits, verdict));
      return this;
    }

    private static <T> Rule rule(
        Class<T> type, Predicate<? super T> fits, Function<? super T, Verdict> verdict) {
      requireNonNull(type, "type");
      requireNonNull(fits, "fits");
      requireNonNull(verdict, "verdict");
      return new Rule(
          outcome -> type.isInstance(outcome) && fits.test(type.cast(outcome)),
          outcome -> verdict.apply(type.cast(outcome)));
    }

    /** The classifier. */
    public Classifier build() {
      List<Rule> valueRules = List.copyOf(values);
      List<Rule> failureRules = List.copyOf(failures);
      return new Classifier() {
        @Override
        public Verdict value(@Nullable Object value) {
          return value == null ? Verdict.SUCCESS : first(valueRules, value, Verdict.SUCCESS);
        }

        @Override
        public Verdict failure(Throwable failure) {
          return first(failureRules, failure, Failures.verdict(failure));
        }
      };
    }

    private static Verdict first(List<Rule> rules, Object outcome, Verdict otherwise) {
      for (Rule rule : rules) {
        if (rule.fits().test(outcome)) {
          return rule.verdict().apply(outcome);
        }
      }
      return otherwise;
    }
  }
}
