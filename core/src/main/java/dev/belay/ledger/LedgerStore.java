package dev.belay.ledger;

import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;

/**
 * Where the hours of a ledger outlive the process. What {@link #save} has returned from is there
 * after a restart. Every method may block, and each does all of its work or none of it. Safe for
 * any number of threads.
 *
 * <p>Old hours are not thrown away at once: {@link #rollUp} moves each into the sum of its day, so
 * an hour is counted in one place at any time.
 */
public interface LedgerStore {

  /** One that forgets everything with the process. */
  static LedgerStore inMemory() {
    return new MemoryLedgerStore();
  }

  /**
   * Writes hours down, each in place of what was there for the same hour.
   *
   * @throws UncheckedIOException if that is not possible
   */
  void save(List<HourRecord> records);

  /**
   * The hours from one on that have not been rolled up, the oldest first.
   *
   * @throws UncheckedIOException if they cannot be read
   */
  List<HourRecord> load(Instant from);

  /**
   * The sums of the same hours, up to and without {@code to}, the oldest first. Cheaper.
   *
   * @throws UncheckedIOException if they cannot be read
   */
  List<PeriodSum> hours(Instant from, Instant to);

  /**
   * The sums of whole days (UTC) from that of {@code from} on, the oldest first: of hours that have
   * been rolled up, and of those that have not and are before {@code to}.
   *
   * @throws UncheckedIOException if they cannot be read
   */
  List<PeriodSum> days(Instant from, Instant to);

  /**
   * Moves hours before {@code before} into the sums of their days, and forgets days before {@code
   * forget}.
   *
   * @throws UncheckedIOException if that is not possible
   */
  void rollUp(Instant before, Instant forget);
}
