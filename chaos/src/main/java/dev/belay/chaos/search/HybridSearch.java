package dev.belay.chaos.search;

import dev.belay.chaos.Defect;
import dev.belay.chaos.Edge;
import dev.belay.chaos.Fault;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.Observation;
import dev.belay.chaos.propose.Seeds;
import dev.belay.chaos.score.Score;
import dev.belay.chaos.session.Insight;
import dev.belay.chaos.session.Proposal;
import dev.belay.chaos.session.Search;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * Looks for as many different failures as there are, in as few trials as it can: several ways to
 * choose are asked in turn, those more often that found something. A failure of a new kind is
 * confirmed, and boiled down to the smallest plan that shows it, before the search goes on: what is
 * known to fail is not tried again.
 */
public final class HybridSearch implements Search {
  /** One in so many trials is any plan at all. */
  private static final int RANDOM_SHARE = 6;

  /** How weak faults may be is found out with one in so many trials, while singles are swept. */
  private static final int STRENGTH_SHARE = 20;

  /** And with one in so many after that. */
  private static final int LATER_SHARE = 6;

  /** What shows only now and then is looked into with one in so many trials: it takes many. */
  private static final int DOUBT_SHARE = 4;

  private final Knowledge known;
  private final Signature signature;
  private final long seed;
  private final Sweep sweep = new Sweep();
  private final Extension extension = new Extension();
  private final Anything anything = new Anything();
  private final List<Arm> others;
  private final List<Arm> all;
  private final Bandit bandit = new Bandit();
  private final Map<String, Shrinking> failures = new LinkedHashMap<>();
  private final Deque<Shrinking> open = new ArrayDeque<>();
  private final Set<String> elsewhere = new HashSet<>();
  private final Beginning beginning;
  private final List<Beginning.Past> past;
  private final Map<Beginning.Past, Integer> pastTries = new HashMap<>();
  private final Unanswered<Asked> unanswered = new Unanswered<>();
  private int chosen;
  private boolean swept;

  /**
   * What is wanted to be known.
   *
   * @param core the part of the plan that is expected to show something
   * @param shrinking the failure that is looked into, if one is
   * @param past the plan of an earlier session that this is, if it is one
   */
  private record Asked(
      Proposal proposal,
      FaultPlan core,
      Optional<Shrinking> shrinking,
      Optional<Beginning.Past> past) {
    FaultPlan plan() {
      return proposal.plan();
    }
  }

  /**
   * A search that knows nothing yet.
   *
   * @param healthy what the healthy system did; at least one observation
   */
  public HybridSearch(FaultSpace space, List<Observation> healthy, long seed) {
    this(space, healthy, seed, Beginning.NOTHING);
  }

  /**
   * A search that begins with plans that showed failures before.
   *
   * @param healthy what the healthy system did; at least one observation
   * @param beginning the plans, and whether anything else is tried
   */
  public HybridSearch(FaultSpace space, List<Observation> healthy, long seed, Beginning beginning) {
    this.beginning = beginning;
    this.past = new ArrayList<>(beginning.plans());
    this.known = new Knowledge(space, Normal.of(healthy));
    this.signature = new Signature(healthy);
    this.seed = seed;
    this.others = List.of(new Slowness(), new Mutation(), new Covering(), new Surrogate());
    List<Arm> arms = new ArrayList<>(List.of(sweep, extension, anything));
    arms.addAll(others);
    this.all = List.copyOf(arms);
  }

  @Override
  public Optional<Proposal> next() {
    Optional<Asked> next = shrink(beginning.only());
    if (next.isEmpty()) {
      next = begin();
    }
    if (next.isEmpty() && !beginning.only()) {
      known.suspects(suspects());
      // chance depends on the number alone, so that to find nothing changes nothing
      next = search(new SplittableRandom(Seeds.of(seed, unanswered.next())));
      chosen += next.isPresent() ? 1 : 0;
    }
    if (next.isEmpty()) {
      next = shrink(true);
    }
    next.ifPresent(asked -> {
      int unused = unanswered.add(asked);
      known.asks(asked.plan());
    });
    return next.map(Asked::proposal);
  }

  /** What is open of failures that are known. */
  private Optional<Asked> shrink(boolean allOfIt) {
    for (Shrinking one : open) {
      boolean urgent = !one.isMinimal() && !one.isDoubtful();
      boolean turn = unanswered.next() % share(one) == 0;
      boolean isTime = (urgent || turn || allOfIt) && !isAsked(one);
      Optional<FaultPlan> plan =
          isTime ? one.next().filter(next -> !known.isUnderWay(next)) : Optional.empty();
      if (plan.isPresent()) {
        String arm = one.isConfirmed() ? "minimise" : "confirm";
        Proposal proposal = new Proposal(plan.get(), arm, Map.of());
        return Optional.of(new Asked(proposal, FaultPlan.NONE, Optional.of(one), Optional.empty()));
      }
    }
    return Optional.empty();
  }

  private int share(Shrinking one) {
    if (!one.isMinimal()) {
      return DOUBT_SHARE;
    }
    return swept ? LATER_SHARE : STRENGTH_SHARE;
  }

  private Set<Fault> suspects() {
    return open.stream()
        .filter(one -> !one.isMinimal() && !one.isDoubtful())
        .flatMap(one -> one.best().faults().stream())
        .collect(Collectors.toSet());
  }

  private boolean isAsked(Shrinking one) {
    return unanswered.all().stream().anyMatch(asked -> asked.shrinking().equals(Optional.of(one)));
  }

  /** What failed before; it was tried often enough, or it is the next. */
  private Optional<Asked> begin() {
    Set<Optional<Beginning.Past>> tried =
        unanswered.all().stream().map(Asked::past).collect(Collectors.toSet());
    return past.stream()
        .filter(one -> !tried.contains(Optional.of(one)) && !known.isUnderWay(one.plan()))
        .findFirst()
        .map(one ->
            new Asked(
                new Proposal(one.plan(), beginning.arm(), Map.of()),
                FaultPlan.NONE,
                Optional.empty(),
                Optional.of(one)));
  }

  private void began(Beginning.Past one, boolean shown) {
    if (shown || pastTries.merge(one, 1, Integer::sum) >= one.patience()) {
      past.remove(one);
    }
  }

  private Optional<Asked> search(RandomGenerator random) {
    int turn = chosen + 1;
    if (turn % RANDOM_SHARE == 0) {
      Optional<Asked> any = ask(anything, random);
      if (any.isPresent()) {
        return any;
      }
    }
    if (extension.isUrgent(known) || (turn % 2 == 0 && extension.hasNext(known))) {
      return ask(extension, random);
    }
    Optional<Asked> single = ask(sweep, random);
    if (single.isPresent()) {
      return single;
    }
    swept |= unanswered.all().isEmpty(); // what is under way may not have told of all it strikes
    if (extension.hasNext(known) || (turn % 2 == 0 && extension.hasSoon(known))) {
      return ask(extension, random);
    }
    List<Arm> rest = new ArrayList<>(others);
    rest.add(extension);
    for (Arm arm : bandit.order(rest, random)) {
      Optional<Asked> next = ask(arm, random);
      if (next.isPresent()) {
        return next;
      }
    }
    return ask(anything, random);
  }

  private Optional<Asked> ask(Arm arm, RandomGenerator random) {
    Optional<FaultPlan> core = arm.propose(known, random);
    // there is room for what was not looked at yet
    Optional<FaultPlan> plan = arm == extension ? core.map(this::filled) : core;
    return plan.map(all ->
        new Asked(
            new Proposal(all, arm.name(), Map.of()),
            core.orElse(all),
            Optional.empty(),
            Optional.empty()));
  }

  private FaultPlan filled(FaultPlan plan) {
    FaultPlan more = sweep.filled(plan, known);
    return known.isPointless(more) ? plan : more;
  }

  @Override
  public Insight saw(int number, Observation observation, Score score) {
    Asked asked = unanswered.take(number);
    known.answered(asked.plan());
    Optional<String> failure = signature.of(observation, score);
    Tried one = Tried.of(asked.plan(), observation, score.discovery(), failure);
    known.learn(one);
    all.forEach(arm -> arm.learn(one, known));
    boolean isNew = failure.isPresent() && !failures.containsKey(failure.get());
    if (isNew) {
      Shrinking begins =
          shrinking(failure.get(), number, one, asked.core(), signature.edges(observation, score));
      failures.put(failure.get(), begins);
      open.addLast(begins);
    }
    if (failure.isPresent() && isPart(asked.core(), asked.plan())) {
      extension.again(asked.core());
    }
    if (asked.shrinking().isPresent()) {
      Shrinking looked = asked.shrinking().get();
      answer(looked, failure.filter(looked.signature()::equals).isPresent());
    } else if (asked.past().isPresent()) {
      began(asked.past().get(), failure.isPresent());
    } else {
      bandit.credit(asked.proposal().arm(), isNew);
    }
    return new Insight(failure, isNew);
  }

  private Shrinking shrinking(
      String failure, int number, Tried one, FaultPlan core, Set<Edge> edges) {
    return new Shrinking(
        failure,
        one.plan(),
        number,
        new Causes(one, known.normal())
            .ofFailureAt(edges)
            .or(() -> Optional.of(core).filter(part -> isPart(part, one.plan()))),
        other -> remembered(other, failure),
        known.space().kinds());
  }

  private static boolean isPart(FaultPlan part, FaultPlan whole) {
    return part.size() > 0
        && part.size() < whole.size()
        && whole.faults().containsAll(part.faults());
  }

  private Shrinking.Memory remembered(FaultPlan plan, String failure) {
    Optional<Tried> tried = known.of(plan);
    if (tried.isPresent()) {
      return tried.get().failure().equals(Optional.of(failure))
          ? Shrinking.Memory.SHOWS
          : Shrinking.Memory.HOLDS;
    }
    if (known.cannotStrike(plan)) {
      return Shrinking.Memory.HOLDS;
    }
    return known.held(plan) ? Shrinking.Memory.SHOULD_HOLD : Shrinking.Memory.NONE;
  }

  private void answer(Shrinking asked, boolean shown) {
    boolean wasMinimal = asked.isMinimal();
    asked.saw(shown);
    if (asked.stage() == Shrinking.Stage.BLIP) {
      failures.remove(asked.signature());
    } else if (!wasMinimal && asked.isMinimal() && isSeenElsewhere(asked)) {
      elsewhere.add(asked.signature());
      open.remove(asked);
    } else if (asked.isMinimal()) {
      known.fails(asked.best(), asked.strongest());
    }
    if (asked.next().isEmpty()) {
      open.remove(asked);
    }
  }

  /**
   * Whether a plan has a fault that only moves the failure: without it the system fails alike, but
   * somewhere else, so that it is no defect of its own.
   */
  private boolean isSeenElsewhere(Shrinking one) {
    String outcome = Signature.outcome(one.signature());
    for (Fault fault : one.best().faults()) {
      Optional<String> without = known.of(one.best().without(fault)).flatMap(Tried::failure);
      if (without.filter(other -> isAlike(other, one, outcome)).isPresent()) {
        return true;
      }
    }
    return failures.values().stream()
        .filter(other -> other.isMinimal() && isAlike(other.signature(), one, outcome))
        .filter(other -> other.best().size() < one.best().size())
        .anyMatch(other -> Knowledge.isIn(other.best(), other.strongest(), one.best()));
  }

  private static boolean isAlike(String other, Shrinking one, String outcome) {
    return !other.equals(one.signature()) && Signature.outcome(other).equals(outcome);
  }

  @Override
  public void failed(int number) {
    Asked asked = unanswered.take(number);
    known.answered(asked.plan());
    if (asked.shrinking().isEmpty()) {
      known.refused(asked.plan());
      asked.past().ifPresent(past::remove); // the guard may be another one today
    } else if (asked.shrinking().get().failed()) {
      answer(asked.shrinking().get(), false);
    }
  }

  @Override
  public List<Defect> defects() {
    return failures.values().stream()
        .filter(one -> one.isConfirmed() && !elsewhere.contains(one.signature()))
        .map(Shrinking::defect)
        .toList();
  }
}
