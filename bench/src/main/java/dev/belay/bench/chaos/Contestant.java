package dev.belay.bench.chaos;

import dev.belay.chaos.Defect;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.Observation;
import dev.belay.chaos.score.Score;
import dev.belay.chaos.session.Insight;
import dev.belay.chaos.session.Proposal;
import dev.belay.chaos.session.Search;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/** A search that only chooses: what it finds is for the benchmark to see. */
final class Contestant implements Search {
  private final Supplier<Optional<FaultPlan>> chooses;
  private final BiConsumer<Observation, Score> hears;

  Contestant(Supplier<Optional<FaultPlan>> chooses, BiConsumer<Observation, Score> hears) {
    this.chooses = chooses;
    this.hears = hears;
  }

  @Override
  public Optional<Proposal> next() {
    return chooses.get().map(plan -> new Proposal(plan, "choice", Map.of()));
  }

  @Override
  public Insight saw(int number, Observation observation, Score score) {
    hears.accept(observation, score);
    return Insight.HELD;
  }

  @Override
  public void failed(int number) {
    throw new IllegalStateException("a simulated system never fails to be tried");
  }

  @Override
  public List<Defect> defects() {
    return List.of();
  }
}
