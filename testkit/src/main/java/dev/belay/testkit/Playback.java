package dev.belay.testkit;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/** A server's place in its script. Safe for any number of threads; each step is taken once. */
final class Playback<Q, A> {
  private final Script.Play<? super Q, ? extends A> play;
  private final AtomicLong next = new AtomicLong();

  Playback(Script<? super Q, ? extends A> script) {
    this.play = script.begin();
  }

  A next(Q request) {
    return play.at(next.getAndIncrement(), request);
  }

  /** Takes the next step before any request was read, if it is known and passes the test. */
  Optional<A> takeIf(Predicate<? super A> test) {
    while (true) {
      long number = next.get();
      Optional<A> upcoming = play.unasked(number).map(answer -> answer);
      if (upcoming.isEmpty() || !test.test(upcoming.get())) {
        return Optional.empty();
      }
      if (next.compareAndSet(number, number + 1)) {
        return upcoming;
      }
    }
  }
}
