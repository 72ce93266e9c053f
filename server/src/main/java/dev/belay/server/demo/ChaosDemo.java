package dev.belay.server.demo;

import dev.belay.Time;
import dev.belay.chaos.Observation;
import dev.belay.chaos.search.FaultSpace;
import dev.belay.chaos.search.HybridSearch;
import dev.belay.chaos.search.RandomSearch;
import dev.belay.chaos.session.Entry;
import dev.belay.chaos.session.Followed;
import dev.belay.chaos.session.MemorySessionStore;
import dev.belay.chaos.session.Search;
import dev.belay.chaos.session.SessionSpec;
import dev.belay.chaos.session.SessionView;
import dev.belay.chaos.session.Sessions;
import dev.belay.chaos.session.Trial;
import dev.belay.examples.shop.Planted;
import dev.belay.examples.shop.sim.ShopExperiment;
import dev.belay.examples.shop.sim.SimShop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;

/** A shop with a dozen defects, searched by chance and by Belay with the same number of trials. */
public final class ChaosDemo {
  private final long seed;
  private final int trials;

  /** Sessions that were taken, and begin when somebody listens. */
  private final List<Runnable> pending = new ArrayList<>();

  /**
   * A demonstration.
   *
   * @param seed of all chance in it
   * @param trials how many each of the two may make; 10 to 1,000
   */
  public ChaosDemo(long seed, int trials) {
    this.seed = seed;
    this.trials = trials;
  }

  /**
   * What one way to search came to.
   *
   * @param view how its session ended
   * @param entries all that happened in it
   * @param trials what it tried
   * @param found how many of the planted defects had shown after each trial
   * @param shown which of them did
   */
  public record Side(
      SessionView view,
      List<Entry> entries,
      List<Trial> trials,
      List<Integer> found,
      Set<Planted> shown) {}

  /**
   * What both came to.
   *
   * @param chance any plan at all
   * @param belay the search
   */
  public record Outcome(Side chance, Side belay) {}

  /**
   * Searches, first by chance.
   *
   * @param progress hears of who is at work, and how many trials are done
   */
  public Outcome run(BiConsumer<String, Integer> progress) {
    Side chance =
        search("by chance", (space, healthy) -> new RandomSearch(space, healthy, seed), progress);
    Side belay =
        search("Belay", (space, healthy) -> new HybridSearch(space, healthy, seed), progress);
    return new Outcome(chance, belay);
  }

  private Side search(
      String who,
      BiFunction<FaultSpace, List<Observation>, Search> how,
      BiConsumer<String, Integer> progress) {
    SimShop shop = new SimShop(EnumSet.allOf(Planted.class), seed);
    Set<Planted> shown = EnumSet.noneOf(Planted.class);
    List<Integer> found = new ArrayList<>();
    Sessions sessions =
        new Sessions(
            (id, spec) -> new ShopExperiment(shop, how),
            new MemorySessionStore(),
            Sessions.Settings.DEFAULT,
            Time.system(),
            pending::add);
    SessionSpec spec = new SessionSpec("shop", "{}", trials, Duration.ofHours(1), seed);
    String id = sessions.start(spec).id();
    try (Followed followed = sessions.follow(id).orElseThrow()) {
      followed.watch(entry -> {
        if (entry instanceof Entry.Done done) {
          shown.addAll(shop.shown());
          found.add(shown.size());
          progress.accept(who, done.trial().number());
        }
      });
      pending.removeLast().run();
    }
    return new Side(
        sessions.view(id).orElseThrow(),
        sessions.entries(id),
        sessions.trials(id),
        List.copyOf(found),
        shown);
  }
}
