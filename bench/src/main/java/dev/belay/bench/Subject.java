package dev.belay.bench;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One cell of the table: who does what around which work.
 *
 * @param failEvery each so many attempts fail; 0 if none does
 */
record Subject(Peer peer, Duty duty, int failEvery) {

  /** A line of the table. */
  record Row(Duty duty, int failEvery) {
    static final List<Row> ALL =
        Stream.of(Duty.values())
            .flatMap(duty ->
                duty == Duty.OPEN || duty == Duty.ASK
                    ? Stream.of(new Row(duty, 0))
                    : Stream.of(new Row(duty, 0), new Row(duty, 10)))
            .toList();

    @Override
    public String toString() {
      return duty + (failEvery == 0 ? "/ok" : "/fail" + failEvery);
    }
  }

  /** All that there are. */
  static List<Subject> all() {
    return Row.ALL.stream()
        .flatMap(row -> Stream.of(Peer.values()).flatMap(peer -> of(peer, row).stream()))
        .toList();
  }

  /** The cell of a line and a column; empty if there is nothing to measure or nothing new. */
  static Optional<Subject> of(Peer peer, Row row) {
    // how a breaker counts makes no difference where none counts
    boolean again =
        (peer == Peer.BELAY_COUNT || peer == Peer.BELAY_LAST)
            && (row.duty() == Duty.RETRY || row.duty() == Duty.OPEN || row.duty() == Duty.ASK);
    return again || peer.guard(row.duty()).isEmpty()
        ? Optional.empty()
        : Optional.of(new Subject(peer, row.duty(), row.failEvery()));
  }

  /** The subject that prints as {@code text}; makes no guard, so that no other peer is run. */
  static Subject parse(String text) {
    return Stream.of(Peer.values())
        .flatMap(
            peer -> Row.ALL.stream().map(row -> new Subject(peer, row.duty(), row.failEvery())))
        .filter(subject -> subject.toString().equals(text))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no such subject: " + text));
  }

  Row row() {
    return new Row(duty, failEvery);
  }

  @Override
  public String toString() {
    return row() + "@" + peer.label();
  }
}
