package dev.belay.chaos.search;

import dev.belay.chaos.Defect;
import dev.belay.chaos.Edge;
import dev.belay.chaos.Fault;
import dev.belay.chaos.FaultPlan;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Finds the smallest plan that shows a failure: first whether it shows again, then without which
 * faults it still does, then how weak each of the rest may be. What is not certain to show is tried
 * until it did, or until it would have with odds of 49 to 1. For one thread.
 *
 * <p>Taking away one fault at a time, and beginning again whenever that helped, is what delta
 * debugging comes to for the few faults of a plan (Zeller and Hildebrandt, 2002): the result is
 * 1-minimal.
 */
final class Shrinking {
  private static final double DOUBT = 0.02;
  private static final int MOST_REPEATS = 16;

  /** A failure that showed once in so many runs was a blip. */
  private static final int BLIP = 8;

  private static final int ENOUGH_HITS = 3;

  /** The smallest plan is tried as often as this in all. */
  private static final int PROOF = 4;

  /** What cannot be tried so often in a row is not said to show it. */
  private static final int MOST_UNTRIED = 3;

  private static final List<Weakening.Way> STRENGTH =
      List.of(Weakening.Way.CALLS, Weakening.Way.START, Weakening.Way.DELAY);

  private final String signature;
  private final FaultPlan found;
  private final int trial;
  private final Function<FaultPlan, Memory> remembered;
  private final FaultSpace.Kinds kinds;
  private final Map<FaultPlan, Tally> tallies = new HashMap<>();
  private final Deque<Fault> candidates = new ArrayDeque<>();
  private final Deque<Weaker> strengths = new ArrayDeque<>();
  private final Deque<FaultPlan> trusted = new ArrayDeque<>();
  private FaultPlan best;
  private FaultPlan question;
  private Stage stage;
  private Optional<Weakening> weakening = Optional.empty();
  private Optional<Window> window = Optional.empty();
  private int runs;
  private int untried;
  private boolean seemsCertain = true;

  /** What is being found out. */
  enum Stage {
    /** Whether a part of it is enough. */
    GUESS,
    /** Whether it shows again. */
    CONFIRM,
    /** Which faults it takes. */
    FAULTS,
    /** How weak they may be. */
    STRENGTH,
    /** Whether what was taken on trust is so. */
    CHECK,
    /** Nothing more. */
    DONE,
    /** It was a blip. */
    BLIP
  }

  /** What is known of a plan from before. */
  enum Memory {
    /** Nothing. */
    NONE,
    /** It shows the failure. */
    SHOWS,
    /** It does not. */
    HOLDS,
    /** It should not, for with more faults it did not; but one may have hidden the other. */
    SHOULD_HOLD
  }

  /** What may be weaker, and in which ways. */
  private record Weaker(Edge edge, List<Weakening.Way> ways) {}

  private static final class Tally {
    private int hits;
    private int of;
  }

  /**
   * Begins with a plan that showed a failure once.
   *
   * @param guess a part of it that may be enough; nothing if nothing speaks for any
   * @param remembered what is known of a plan from before
   * @param kinds how weak faults may be
   */
  Shrinking(
      String signature,
      FaultPlan found,
      int trial,
      Optional<FaultPlan> guess,
      Function<FaultPlan, Memory> remembered,
      FaultSpace.Kinds kinds) {
    this.signature = signature;
    this.found = found;
    this.trial = trial;
    this.remembered = remembered;
    this.kinds = kinds;
    this.best = found;
    this.question = guess.orElse(found);
    this.stage = guess.isPresent() ? Stage.GUESS : Stage.CONFIRM;
    tally(found).hits++;
    tally(found).of++;
  }

  String signature() {
    return signature;
  }

  Stage stage() {
    return stage;
  }

  /** Whether it showed more than once. */
  boolean isConfirmed() {
    return stage != Stage.GUESS && stage != Stage.CONFIRM && stage != Stage.BLIP;
  }

  /** Whether it is known which faults it takes. */
  boolean isMinimal() {
    return stage == Stage.STRENGTH || stage == Stage.CHECK || stage == Stage.DONE;
  }

  /** The plan with which the failure was found. */
  FaultPlan found() {
    return found;
  }

  /** The smallest plan so far. */
  FaultPlan best() {
    return best;
  }

  /** What to try next; nothing if all is known. */
  Optional<FaultPlan> next() {
    return stage == Stage.DONE || stage == Stage.BLIP ? Optional.empty() : Optional.of(question);
  }

  private Tally tally(FaultPlan plan) {
    return tallies.computeIfAbsent(plan, none -> new Tally());
  }

  /** How often the failure shows, as far as that is known of the smallest plan. */
  Defect.Odds odds() {
    Tally tally = tally(best);
    return new Defect.Odds(tally.hits, Math.max(1, tally.of));
  }

  /** How often the failure shows under plans that are known to bring it about. */
  private Defect.Odds shown() {
    Tally first = tally(found);
    Tally smallest = tally(best);
    boolean same = best.equals(found);
    return new Defect.Odds(
        first.hits + (same ? 0 : smallest.hits), first.of + (same ? 0 : smallest.of));
  }

  /** Whether it did not show at least once when it should have. */
  boolean isDoubtful() {
    return !isCertain();
  }

  private boolean isCertain() {
    return shown().hits() == shown().of();
  }

  /** Takes whether the last plan showed the failure. */
  void saw(boolean shown) {
    untried = 0;
    runs++;
    Tally tally = tally(question);
    tally.of++;
    tally.hits += shown ? 1 : 0;
    switch (stage) {
      case GUESS -> guess(shown);
      case CONFIRM -> confirm(tally);
      case FAULTS -> fault(shown, tally);
      case STRENGTH -> strength(shown, tally);
      case CHECK -> check(shown, tally);
      case DONE, BLIP -> {}
    }
  }

  /**
   * What it asked for could not be tried, which says nothing about it.
   *
   * @return whether that was so often that it has to go on as if it had not shown
   */
  boolean failed() {
    untried = (untried + 1) % MOST_UNTRIED;
    return untried == 0;
  }

  /** A part that shows it confirms it, too. */
  private void guess(boolean shown) {
    if (shown) {
      best = question;
      beginFaults();
    } else {
      stage = Stage.CONFIRM;
      question = found;
    }
  }

  private void beginFaults() {
    stage = Stage.FAULTS;
    candidates.addAll(best.faults());
    nextFault();
  }

  private void confirm(Tally tally) {
    seemsCertain = tally.hits == tally.of;
    if (seemsCertain || tally.hits >= ENOUGH_HITS) {
      beginFaults();
    } else if ((tally.of >= BLIP && tally.hits < 2) || tally.of >= MOST_REPEATS) {
      if (tally.hits < 2) {
        stage = Stage.BLIP;
      } else {
        beginFaults();
      }
    }
  }

  /** Whether a plan that has not shown the failure would have by now. */
  private boolean wouldHaveShown(Tally tally) {
    double fewer = share(question);
    if (isCertain() && fewer >= 1) {
      return true;
    }
    // by the lower end of what is likely: it was found because it showed
    double low = fewer * (isCertain() ? 1 : shown().low());
    int enough = (int) Math.ceil(Math.log(DOUBT) / Math.log(1 - low));
    return tally.of >= Math.min(MOST_REPEATS, enough);
  }

  /** How many of the calls a plan strikes in every one that the smallest strikes. */
  private double share(FaultPlan plan) {
    double share = 1;
    for (Fault fault : plan.faults()) {
      for (Fault now : best.faults()) {
        share *=
            now.edge().equals(fault.edge()) ? (double) fault.percentage() / now.percentage() : 1;
      }
    }
    return share;
  }

  private void nextFault() {
    while (!candidates.isEmpty()) {
      if (best.size() == 1) {
        break; // the healthy system does not fail
      }
      question = best.without(candidates.getFirst());
      Memory memory = isCertain() ? remembered.apply(question) : Memory.NONE;
      if (memory == Memory.NONE) {
        return;
      }
      if (memory == Memory.SHOULD_HOLD) {
        trusted.add(question);
      }
      settleFault(memory == Memory.SHOWS);
    }
    candidates.clear();
    beginStrength();
  }

  private void fault(boolean shown, Tally tally) {
    if (shown || wouldHaveShown(tally)) {
      settleFault(shown);
      nextFault();
    }
  }

  /** A fault is needed, or it is not. */
  private void settleFault(boolean showsWithout) {
    Fault candidate = candidates.removeFirst();
    if (showsWithout) {
      best = best.without(candidate);
    }
  }

  /** What makes it show less often comes last, for it makes the rest harder to tell. */
  private void beginStrength() {
    stage = Stage.STRENGTH;
    window = Optional.empty();
    best.faults().forEach(fault -> strengths.add(new Weaker(fault.edge(), STRENGTH)));
    best.faults()
        .forEach(
            fault -> strengths.add(new Weaker(fault.edge(), List.of(Weakening.Way.PERCENTAGE))));
    nextStrength();
  }

  private void nextStrength() {
    while (weakening.isPresent() || !strengths.isEmpty()) {
      Weakening now = weakening.orElseGet(this::nextWeaker);
      weakening = Optional.of(now);
      if (now.next().isPresent()) {
        question = best.without(now.fault()).and(now.next().get());
        return;
      }
      weakening = Optional.empty();
    }
    Window now = window.orElseGet(() -> new Window(best, kinds));
    window = Optional.of(now);
    if (now.next().isPresent()) {
      question = new FaultPlan(best.faults(), now.next().get());
      return;
    }
    stage = Stage.CHECK;
    nextCheck();
  }

  private Weakening nextWeaker() {
    Weaker next = strengths.removeFirst();
    Fault fault =
        best.faults().stream()
            .filter(one -> one.edge().equals(next.edge()))
            .findFirst()
            .orElseThrow();
    return new Weakening(fault, next.ways(), kinds);
  }

  private void nextCheck() {
    if (tally(best).of < PROOF) {
      question = best;
      return;
    }
    while (!trusted.isEmpty()) {
      FaultPlan part = trusted.getFirst();
      List<Fault> faults =
          best.faults().stream().filter(fault -> Faults.strikes(part, fault.edge())).toList();
      if (faults.size() < best.size() && !faults.isEmpty()) {
        question = new FaultPlan(faults, best.life());
        return;
      }
      trusted.removeFirst();
    }
    stage = Stage.DONE;
  }

  private void check(boolean shown, Tally tally) {
    if (question.equals(best)) {
      if (!shown && seemsCertain) { // it was not as certain as it seemed: once more, with patience
        seemsCertain = false;
        beginFaults();
      } else {
        nextCheck();
      }
      return;
    }
    if (shown || wouldHaveShown(tally)) {
      trusted.removeFirst();
      if (shown) {
        best = question;
      }
      nextCheck();
    }
  }

  private void strength(boolean shown, Tally tally) {
    if (!shown && !wouldHaveShown(tally)) {
      return;
    }
    if (shown) {
      seemsCertain &= share(question) >= 1;
      best = question;
    }
    if (weakening.isPresent()) {
      weakening.get().saw(shown);
    } else {
      window.orElseThrow().saw(shown);
    }
    nextStrength();
  }

  /** What is known of the defect. */
  Defect defect() {
    boolean minimal = isMinimal();
    return new Defect(
        signature,
        found,
        trial,
        minimal ? Optional.of(new Defect.Minimal(best, odds(), runs)) : Optional.empty());
  }

  /** The faults of the smallest plan as strong as they were found. */
  FaultPlan strongest() {
    List<Fault> faults =
        found.faults().stream()
            .filter(
                fault -> best.faults().stream().anyMatch(one -> one.edge().equals(fault.edge())))
            .toList();
    return new FaultPlan(faults, found.life());
  }
}
