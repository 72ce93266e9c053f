package dev.belay.proxy;

import dev.belay.RetryPolicy;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Where a default policy that is set at run time outlives the process. It holds in place of the
 * configured one that it was set over; once the configuration names another one, that holds: the
 * last word wins. Every method may block. Safe for any number of threads.
 */
public interface PolicyStore {

  /** One that forgets everything with the process. */
  static PolicyStore inMemory() {
    record Kept(RetryPolicy policy, RetryPolicy configured) {}

    AtomicReference<Optional<Kept>> kept = new AtomicReference<>(Optional.empty());
    return new PolicyStore() {
      @Override
      public Optional<RetryPolicy> over(RetryPolicy configured) {
        return kept.get().filter(one -> one.configured().equals(configured)).map(Kept::policy);
      }

      @Override
      public void save(RetryPolicy policy, RetryPolicy configured) {
        kept.set(Optional.of(new Kept(policy, configured)));
      }

      @Override
      public void forget() {
        kept.set(Optional.empty());
      }
    };
  }

  /**
   * What was set over this configured policy, if it was.
   *
   * @throws UncheckedIOException if it cannot be read
   */
  Optional<RetryPolicy> over(RetryPolicy configured);

  /**
   * Writes down what was set, and over what.
   *
   * @throws UncheckedIOException if that is not possible
   */
  void save(RetryPolicy policy, RetryPolicy configured);

  /**
   * Goes back to what is configured.
   *
   * @throws UncheckedIOException if that is not possible
   */
  void forget();
}
