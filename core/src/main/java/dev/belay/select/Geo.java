package dev.belay.select;

import dev.belay.Call;
import dev.belay.Endpoint;
import dev.belay.Selection;
import java.util.List;

/**
 * Candidates of the call's country, and among these of its region. A wish that no candidate meets
 * is dropped: without one in the country those of the region remain, and without these all. The
 * case of letters does not matter. Safe for any number of threads.
 */
public final class Geo implements Selection {
  private final Composite choice;

  /** The least used of the matching ones. */
  public Geo() {
    this(new LeastUsed());
  }

  /**
   * Chooses among the matching ones by another strategy.
   *
   * @param among sees only candidates that match, or all if none does
   */
  public Geo(Selection among) {
    choice = new Composite(List.of(Filter.sameCountry(), Filter.sameRegion()), among);
  }

  @Override
  public <E extends Endpoint> E select(List<E> candidates, Call call) {
    return choice.select(candidates, call);
  }
}
