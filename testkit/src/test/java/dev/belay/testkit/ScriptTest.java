package dev.belay.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.belay.Cases;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ScriptTest {

  private static List<String> play(Script<String, String> script, int count) {
    Playback<String, String> playback = new Playback<>(script);
    return IntStream.range(0, count).mapToObj(i -> playback.next("q" + i)).toList();
  }

  @Test
  void repeatsTheLastAnswerOfASequence() {
    assertThat(play(Script.of("a", "b"), 4)).containsExactly("a", "b", "b", "b");
  }

  @Test
  void cyclesWithoutEnd() {
    assertThat(play(Script.cycling("a", "b"), 5)).containsExactly("a", "b", "a", "b", "a");
  }

  @Test
  void asksAFunctionOfTheRequest() {
    assertThat(play(Script.answering(q -> q + "!"), 2)).containsExactly("q0!", "q1!");
  }

  @Test
  void givesEachPlayerAFunctionThatRemembersForItself() {
    Script<String, String> script =
        Script.remembering(() -> {
          AtomicInteger seen = new AtomicInteger();
          return q -> q + seen.incrementAndGet();
        });

    Function<String, String> player = script.player();
    assertThat(Stream.of("a", "b").map(player)).containsExactly("a1", "b2");
    assertThat(script.player().apply("c")).isEqualTo("c1");
  }

  @Test
  void branchesByAnyPropertyOfARequest() {
    Script<String, String> script =
        Script.by(q -> q.substring(0, 1), Map.of("a", Script.of("a1", "a2")), Script.of("x"));

    assertThat(Stream.of("apple", "pear", "ananas").map(script.player()))
        .containsExactly("a1", "x", "a2");
  }

  @Test
  void beginsTheSecondPhaseAtItsOwnFirstStep() {
    Script<String, String> script = Script.phases(2, Script.of("a", "b"), Script.of("c", "d"));

    assertThat(play(script, 5)).containsExactly("a", "b", "c", "d", "d");
  }

  @Test
  void countsEachPathForItself() {
    Script<ReceivedRequest, String> script =
        Script.byPath(Map.of("/a", Script.of("a1", "a2")), Script.of("x1", "x2"));
    Playback<ReceivedRequest, String> playback = new Playback<>(script);

    List<String> answers =
        Stream.of("/a", "/b", "/a?q", "/c").map(ScriptTest::asking).map(playback::next).toList();

    assertThat(answers).containsExactly("a1", "x1", "a2", "x2");
  }

  private static ReceivedRequest asking(String target) {
    RequestLine line = new RequestLine("GET", target, "HTTP/1.1");
    return new ReceivedRequest(line, new Head("", List.of(), 0), new Capture(0), 0, 1);
  }

  @Test
  void takesATargetWithItsPortBeforeTheHostAlone() {
    Script<ProxyRequest, String> script =
        Script.byTarget(
            Map.of("a.test:80", Script.of("port"), "a.test", Script.of("host")), Script.of("rest"));
    Playback<ProxyRequest, String> playback = new Playback<>(script);

    assertThat(playback.next(to("a.test", 80))).isEqualTo("port");
    assertThat(playback.next(to("a.test", 81))).isEqualTo("host");
    assertThat(playback.next(to("b.test", 80))).isEqualTo("rest");
  }

  private static ProxyRequest to(String host, int port) {
    return new ProxyRequest("CONNECT", host, port, true, "", 1);
  }

  @Test
  void mixesTheSameForTheSameSeed() {
    Cases.check(
        50,
        random -> random.nextLong(),
        seed -> assertThat(play(mix(seed), 100)).isEqualTo(play(mix(seed), 100)));
    assertThat(play(mix(1), 100)).isNotEqualTo(play(mix(2), 100));
  }

  @Test
  void mixesByTheWeights() {
    long bad = play(mix(42), 10_000).stream().filter("bad"::equals).count();

    assertThat(bad / 10_000.0).isCloseTo(0.3, within(0.02));
  }

  private static Script<String, String> mix(long seed) {
    return Script.mix(seed, Script.weighted(30, "bad"), Script.weighted(70, "good"));
  }

  @Test
  void takesAStepUnaskedOnlyWhenItIsTheNextOne() {
    Playback<String, String> playback =
        new Playback<>(Script.phases(1, Script.of("a"), Script.of("b")));

    assertThat(playback.takeIf("b"::equals)).isEmpty();
    assertThat(playback.takeIf("a"::equals)).isEqualTo(Optional.of("a"));
    assertThat(playback.next("q")).isEqualTo("b");
  }

  @Test
  void takesNothingUnaskedWhereTheRequestDecides() {
    assertThat(new Playback<String, String>(Script.answering(q -> q)).takeIf(q -> true)).isEmpty();
    Script<ProxyRequest, String> branches = Script.byTarget(Map.of(), Script.of("a"));
    assertThat(new Playback<>(branches).takeIf(q -> true)).isEmpty();
  }

  @Test
  void refusesWeightsAndCountsThatMeanNothing() {
    assertThatThrownBy(() -> Script.weighted(0, "a")).hasMessageContaining("above 0");
    assertThatThrownBy(() -> Script.weighted(Double.NaN, "a")).hasMessageContaining("above 0");
    assertThatThrownBy(() -> Script.phases(-1, Script.of("a"), Script.of("b")))
        .hasMessageContaining("-1");
  }
}
