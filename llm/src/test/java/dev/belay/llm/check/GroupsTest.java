package dev.belay.llm.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class GroupsTest {
  private static final Answer ANSWER = Answers.of("text");

  /** A validator that is what the test needs. */
  private record Fixed(String name, Cost cost, Finding finding, List<String> asked)
      implements Validator {
    @Override
    public Finding check(Answer answer, CheckContext context) {
      asked.add(name + ":" + answer.text());
      return finding;
    }

    @Override
    public Optional<Answer> fix(Answer answer) {
      return Optional.of(answer.withText("fixed"));
    }
  }

  private final List<String> asked = new ArrayList<>();

  private Validator holds(String name) {
    return new Fixed(name, Cost.CHEAP, Finding.valid(ANSWER), asked);
  }

  private Validator objects(String name) {
    return new Fixed(name, Cost.CHEAP, Finding.invalid(Problem.of(name, "no " + name)), asked);
  }

  private Validator silent(String name, Remedy remedy) {
    return new Fixed(name, Cost.DEAR, new Finding.Inconclusive(name + " is silent", remedy), asked);
  }

  private static Finding run(Validator validator) throws InterruptedException {
    return validator.check(ANSWER, CheckContext.FIRST);
  }

  private static List<String> messages(Finding finding) {
    return ((Finding.Invalid) finding).problems().stream().map(Problem::message).toList();
  }

  @Test
  void allTellsEveryProblemInOrder() throws Exception {
    Finding finding = run(Groups.all(List.of(objects("a"), holds("b"), objects("c"))));

    assertThat(messages(finding)).containsExactly("no a", "no c");
    assertThat(asked).containsExactly("a:text", "b:text", "c:text");
  }

  @Test
  void allHandsOnWhatWasPutRight() throws Exception {
    Validator fixing =
        new Validator() {
          @Override
          public String name() {
            return "fixing";
          }

          @Override
          public Finding check(Answer answer, CheckContext context) {
            return new Finding.Valid(answer.withText("better"), List.of());
          }
        };

    Finding finding =
        run(
            Groups.all(
                List.of(
                    fixing,
                    Answers.validator(
                        "{\"type\":\"contains\",\"params\":{\"text\":\"better\"}}"))));

    assertThat(finding)
        .isInstanceOfSatisfying(
            Finding.Valid.class, valid -> assertThat(valid.answer().text()).isEqualTo("better"));
  }

  @Test
  void anyStopsAtTheFirstThatHolds() throws Exception {
    assertThat(run(Groups.any(List.of(objects("a"), holds("b"), holds("c")))))
        .isInstanceOf(Finding.Valid.class);
    assertThat(asked).containsExactly("a:text", "b:text");
    assertThat(messages(run(Groups.any(List.of(objects("a"), objects("b"))))))
        .containsExactly("no a", "no b");
  }

  @Test
  void anyAsksAgainAsLongAsOneOfThemWould() throws Exception {
    Finding finding = run(Groups.any(List.of(OnFail.FAIL.when(objects("a")), objects("b"))));

    assertThat(((Finding.Invalid) finding).remedy()).isEqualTo(Remedy.REASK);
    assertThat(run(Groups.any(List.of(objects("a"), silent("s", Remedy.HUMAN)))))
        .isEqualTo(new Finding.Inconclusive("s is silent", Remedy.HUMAN));
  }

  @Test
  void firstFailureNeverPaysAJudgeForAnAnswerThatIsBroken() throws Exception {
    Validator group =
        Groups.firstFailure(List.of(silent("judge", Remedy.FAIL), objects("json"), objects("x")));

    assertThat(messages(run(group))).containsExactly("no json");
    assertThat(asked).containsExactly("json:text");
    assertThat(group.cost()).isEqualTo(Cost.DEAR);
    assertThat(run(Groups.firstFailure(List.of(holds("a"), holds("b")))))
        .isInstanceOf(Finding.Valid.class);
  }

  @Test
  void parallelRunsAllAtOnceAndKeepsTheOrder() throws Exception {
    CyclicBarrier together = new CyclicBarrier(3);
    List<Validator> validators = new ArrayList<>();
    for (String name : List.of("a", "b", "c")) {
      validators.add(
          checking(
              name,
              () -> {
                try {
                  together.await(30, TimeUnit.SECONDS);
                } catch (java.util.concurrent.BrokenBarrierException
                    | java.util.concurrent.TimeoutException alone) {
                  throw new IllegalStateException(alone);
                }
                return Finding.invalid(Problem.of(name, "no " + name));
              }));
    }

    assertThat(messages(run(Groups.parallel(validators)))).containsExactly("no a", "no b", "no c");
  }

  /** What a check does. */
  private interface Body {
    Finding run() throws InterruptedException;
  }

  private static Validator checking(String name, Body body) {
    return new Validator() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public Finding check(Answer answer, CheckContext context) throws InterruptedException {
        return body.run();
      }
    };
  }

  @Test
  void parallelEndsItsChecksWhenItIsInterrupted() throws Exception {
    CountDownLatch started = new CountDownLatch(2);
    AtomicInteger interrupted = new AtomicInteger();
    Body waiting =
        () -> {
          started.countDown();
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException ended) {
            interrupted.incrementAndGet();
            throw ended;
          }
          return Finding.valid(ANSWER);
        };
    Validator group = Groups.parallel(List.of(checking("a", waiting), checking("b", waiting)));
    CountDownLatch thrown = new CountDownLatch(1);
    Thread caller =
        Thread.ofVirtual()
            .start(() -> {
              try {
                assertThat(run(group)).isNull();
              } catch (InterruptedException asked) {
                thrown.countDown();
              }
            });

    assertThat(started.await(30, TimeUnit.SECONDS)).isTrue();
    caller.interrupt();

    assertThat(thrown.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(interrupted).hasValue(2);
  }

  @Test
  void parallelRefusesTwoChangesOfTheAnswer() throws Exception {
    Validator first = checking("a", () -> new Finding.Valid(ANSWER.withText("1"), List.of()));
    Validator second = checking("b", () -> new Finding.Valid(ANSWER.withText("2"), List.of()));

    assertThat(run(Groups.parallel(List.of(first, second))))
        .isInstanceOfSatisfying(
            Finding.Inconclusive.class, open -> assertThat(open.why()).contains("use 'all'"));
    assertThat(run(Groups.parallel(List.of(first, first, holds("c")))))
        .isEqualTo(new Finding.Valid(ANSWER.withText("1"), List.of()));
  }

  @Test
  void warnOnlyLetsEverythingPass() throws Exception {
    Finding finding = run(Groups.warnOnly(List.of(objects("a"), holds("b"))));

    assertThat(finding)
        .isInstanceOfSatisfying(
            Finding.Valid.class,
            valid ->
                assertThat(valid.warnings()).extracting(Problem::message).containsExactly("no a"));
    assertThat(run(Groups.warnOnly(List.of(silent("s", Remedy.FAIL)))))
        .isInstanceOf(Finding.Valid.class);
  }

  @Test
  void theMostSevereRemedyWins() throws Exception {
    Finding finding =
        run(
            Groups.all(
                List.of(
                    objects("a"),
                    OnFail.FAIL.when(objects("b")),
                    OnFail.HUMAN.when(objects("c")))));

    assertThat(((Finding.Invalid) finding).remedy()).isEqualTo(Remedy.FAIL);
  }

  @Test
  void anObjectionOutweighsACheckWithoutResult() throws Exception {
    assertThat(messages(run(Groups.all(List.of(silent("s", Remedy.FAIL), objects("a"))))))
        .containsExactly("no a");
    assertThat(run(Groups.all(List.of(silent("s", Remedy.HUMAN), holds("a")))))
        .isEqualTo(new Finding.Inconclusive("s is silent", Remedy.HUMAN));
  }

  @Test
  void aValidatorThatBreaksSaysNothingOfTheAnswer() throws Exception {
    Validator broken =
        checking(
            "broken",
            () -> {
              throw new IllegalStateException("oops");
            });

    assertThat(run(Groups.all(List.of(broken))))
        .isInstanceOfSatisfying(
            Finding.Inconclusive.class,
            open ->
                assertThat(open.why())
                    .isEqualTo("validator 'broken' broke: java.lang.IllegalStateException: oops"));
  }

  @Test
  void aGroupNeedsMembers() {
    assertThatThrownBy(() -> Groups.all(List.of())).hasMessageContaining("held 0");
  }
}
