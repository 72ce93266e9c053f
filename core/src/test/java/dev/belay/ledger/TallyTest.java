package dev.belay.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TallyTest {

  @Test
  void addsUp() {
    var tally = new Tally(7, 3);
    tally.add(0, 5);
    tally.add(2, 1);
    tally.add(0, 2);
    long[] sums = {100, 0, 0};

    tally.addTo(sums);

    assertThat(sums).containsExactly(107, 0, 1);
  }

  @Test
  void keepsWhatItHasWhenItBeginsToSpread() {
    var tally = new Tally(7, 1);
    tally.add(0, 1);
    tally.stripe();
    tally.add(0, 2);
    tally.stripe();
    tally.add(0, 4);
    long[] sums = new long[1];

    tally.addTo(sums);

    assertThat(sums).containsExactly(7);
  }

  @Test
  void stopsAtTheLargestNumber() {
    var tally = new Tally(0, 1);
    tally.add(0, Long.MAX_VALUE);
    long[] sums = {10};

    tally.addTo(sums);

    assertThat(sums).containsExactly(Long.MAX_VALUE);
  }

  @Test
  void keepsCountsOfAThreadThatIsARoundBehind() {
    var ring = new Ring(2, 1);
    ring.at(10).add(0, 1);

    ring.at(8).add(0, 1);

    long[] sums = new long[1];
    assertThat(ring.addTo(sums, 8)).isFalse();
    assertThat(ring.addTo(sums, 10)).isTrue();
    assertThat(sums).containsExactly(2);
  }
}
