package dev.belay.chaos.search;

import dev.belay.chaos.Defect;
import dev.belay.chaos.Edge;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.Observation;
import dev.belay.chaos.score.Score;
import dev.belay.chaos.session.Insight;
import dev.belay.chaos.session.Proposal;
import dev.belay.chaos.session.Search;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

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

  private static final int MOST_UNANSWERED = 3;

  private final Knowledge known;
  private final Signature signature;
  private final SplittableRandom random;
  private final Sweep sweep = new Sweep();
  private final Extension extension = new Extension();
  private final Anything anything = new Anything();
  private final List<Arm> others;
  private final List<Arm> all;
  private final Bandit bandit = new Bandit();
  private final Map<String, Shrinking> failures = new LinkedHashMap<>();
  private final Deque<Shrinking> open = new ArrayDeque<>();
  private final Beginning beginning;
  private final Deque<Beginning.Past> past;
  private @Nullable Shrinking asking;
  private @Nullable Proposal last;
  private int trials;
  private int chosen;
  private int unanswered;
  private int pastTries;
  private boolean swept;
  private FaultPlan core = FaultPlan.NONE;

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
    this.past = new ArrayDeque<>(beginning.plans());
    this.known = new Knowledge(space, Normal.of(healthy));
    this.signature = new Signature(healthy);
    this.random = new SplittableRandom(seed);
    this.others = List.of(new Slowness(), new Mutation(), new Covering());
    List<Arm> arms = new ArrayList<>(List.of(sweep, extension, anything));
    arms.addAll(others);
    this.all = List.copyOf(arms);
  }

  @Override
  public Optional<Proposal> next() {
    Optional<Proposal> proposal = shrink(beginning.only());
    if (proposal.isEmpty()) {
      proposal = begin();
    }
    if (proposal.isEmpty() && !beginning.only()) {
      proposal = search();
    }
    if (proposal.isEmpty()) {
      proposal = shrink(true);
    }
    last = proposal.orElse(null);
    return proposal;
  }

  /** What is open of failures that are known. */
  private Optional<Proposal> shrink(boolean allOfIt) {
    for (Shrinking one : open) {
      boolean urgent = !one.isMinimal();
      int share = swept ? LATER_SHARE : STRENGTH_SHARE;
      boolean turn = trials % share == share - 1;
      Optional<FaultPlan> plan = urgent || turn || allOfIt ? one.next() : Optional.empty();
      if (plan.isPresent()) {
        asking = one;
        String arm = one.isConfirmed() ? "minimise" : "confirm";
        return Optional.of(new Proposal(plan.get(), arm, Map.of()));
      }
    }
    return Optional.empty();
  }

  /** What failed before; it was tried often enough, or it is the next. */
  private Optional<Proposal> begin() {
    if (past.isEmpty()) {
      return Optional.empty();
    }
    core = FaultPlan.NONE;
    return Optional.of(new Proposal(past.getFirst().plan(), beginning.arm(), Map.of()));
  }

  private void began(boolean shown) {
    pastTries++;
    if (shown || pastTries >= past.getFirst().patience()) {
      past.removeFirst();
      pastTries = 0;
    }
  }

  private Optional<Proposal> search() {
    chosen++;
    if (chosen % RANDOM_SHARE == 0) {
      Optional<Proposal> any = ask(anything);
      if (any.isPresent()) {
        return any;
      }
    }
    if (extension.isUrgent(known) || (chosen % 2 == 0 && extension.hasNext(known))) {
      return ask(extension);
    }
    Optional<Proposal> single = ask(sweep);
    if (single.isPresent()) {
      return single;
    }
    swept = true;
    if (extension.hasNext(known)) {
      return ask(extension);
    }
    List<Arm> rest = new ArrayList<>(others);
    rest.add(extension);
    for (Arm arm : bandit.order(rest, random)) {
      Optional<Proposal> proposal = ask(arm);
      if (proposal.isPresent()) {
        return proposal;
      }
    }
    return ask(anything);
  }

  private Optional<Proposal> ask(Arm arm) {
    Optional<FaultPlan> plan = arm.propose(known, random);
    core = plan.orElse(FaultPlan.NONE);
    if (arm == extension) { // there is room for what was not looked at yet
      plan = plan.map(follows -> filled(follows));
    }
    return plan.map(chosenPlan -> new Proposal(chosenPlan, arm.name(), Map.of()));
  }

  private FaultPlan filled(FaultPlan plan) {
    FaultPlan more = sweep.filled(plan, known);
    return known.isPointless(more) ? plan : more;
  }

  @Override
  public Insight saw(Observation observation, Score score) {
    Proposal proposal = asked();
    trials++;
    Optional<String> failure = signature.of(observation, score);
    Tried one = Tried.of(proposal.plan(), observation, score.discovery(), failure);
    known.learn(one);
    all.forEach(arm -> arm.learn(one, known));
    boolean isNew = failure.isPresent() && !failures.containsKey(failure.get());
    if (isNew) {
      begin(failure.get(), one, signature.edges(observation, score));
    }
    Shrinking asked = asking;
    if (asked == null) {
      if (proposal.arm().equals(beginning.arm())) {
        began(failure.isPresent());
      } else {
        bandit.credit(proposal.arm(), isNew);
      }
    } else {
      asking = null;
      answer(asked, failure.filter(asked.signature()::equals).isPresent());
    }
    return new Insight(failure, isNew);
  }

  private Proposal asked() {
    if (last == null) {
      throw new IllegalStateException("nothing was proposed that this could be the answer to");
    }
    Proposal proposal = last;
    last = null;
    return proposal;
  }

  private void begin(String failure, Tried one, Set<Edge> edges) {
    long shortest =
        known.space().kinds().delays().isEmpty() ? 1 : known.space().kinds().shortest().toMillis();
    Shrinking shrinking =
        new Shrinking(
            failure,
            one.plan(),
            trials,
            new Causes(one, known.normal())
                .ofFailureAt(edges)
                .or(() -> Optional.of(core).filter(part -> isPart(part, one.plan()))),
            other -> remembered(other, failure),
            shortest);
    failures.put(failure, shrinking);
    open.addLast(shrinking);
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
    asked.saw(shown);
    if (asked.stage() == Shrinking.Stage.BLIP) {
      failures.remove(asked.signature());
    } else if (asked.isMinimal()) {
      known.fails(asked.best(), asked.strongest());
    }
    if (asked.next().isEmpty()) {
      open.remove(asked);
    }
  }

  @Override
  public void failed() {
    Proposal proposal = asked();
    Shrinking asked = asking;
    asking = null;
    if (asked == null) {
      known.refused(proposal.plan());
      if (proposal.arm().equals(beginning.arm())) {
        past.removeFirst(); // the guard may be another one today
        pastTries = 0;
      }
    } else if (++unanswered >= MOST_UNANSWERED) {
      unanswered = 0;
      answer(asked, false); // what cannot be tried is not said to show it
    }
  }

  @Override
  public List<Defect> defects() {
    return failures.values().stream()
        .filter(one -> one.isConfirmed())
        .map(Shrinking::defect)
        .toList();
  }
}
