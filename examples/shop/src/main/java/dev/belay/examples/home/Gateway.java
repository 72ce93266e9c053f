package dev.belay.examples.home;

import dev.belay.examples.shop.Answer;
import dev.belay.examples.shop.Ask;
import dev.belay.examples.shop.CallFailed;
import dev.belay.examples.shop.Got;
import dev.belay.examples.shop.Service;
import dev.belay.examples.shop.Steps;
import dev.belay.examples.shop.World;
import java.util.Map;

/**
 * Puts the page together. Each row has something that stands in for it, and stays away if that
 * fails, too, unless a flaw is planted in it.
 */
final class Gateway implements Service {
  private static final int TELEMETRY_TRIES = 6;
  private final Flaws flaws;

  Gateway(Flaws flaws) {
    this.flaws = flaws;
  }

  @Override
  public String name() {
    return "gateway";
  }

  /** A page that cannot be shown. */
  private static final class NoPage extends Exception {
    @java.io.Serial private static final long serialVersionUID = 1;
    final int status;

    NoPage(int status) {
      super("status " + status, null, false, false);
      this.status = status;
    }
  }

  @Override
  public Answer handle(Ask ask, World world) throws InterruptedException {
    world.work(Steps.millis(3));
    try {
      return page(world);
    } catch (NoPage none) {
      return Answer.failed(none.status);
    }
  }

  private Answer page(World world) throws NoPage, InterruptedException {
    boolean isKnown = profile(world);
    boolean hasPopular = bookmarks(world);
    long list = list(world);
    long liked = recommendations(world, hasPopular);
    boolean isRated = ratings(world);
    Got art = Steps.ask(world, "artwork", Ask.get("/pictures"), 250);
    Got unused = Steps.ask(world, "adverts", Ask.get("/advert"), 200);
    boolean unrated = !isKnown && !isRated && flaws.shows(Flaw.UNRATED_FOR_CHILDREN);
    return new Answer(
        200,
        Map.of(
            "list",
            list,
            "liked",
            liked,
            "pictures",
            art.value("pictures", 0),
            "unrated",
            unrated ? 1L : 0L));
  }

  /** Whether it is known who is looking. */
  private boolean profile(World world) throws NoPage, InterruptedException {
    boolean isHasty = flaws.isPlanted(Flaw.HASTY_PROFILE);
    try {
      Answer profile =
          world.call("user-profile", Ask.get("/profile"), Steps.millis(isHasty ? 400 : 1_500));
      if (profile.status() == Profile.UNMAPPED && flaws.shows(Flaw.MAPPER_NOT_AVAILABLE)) {
        throw new NoPage(500);
      }
      return profile.isOk();
    } catch (CallFailed none) {
      if (none.kind() == CallFailed.Kind.TIMEOUT && flaws.shows(Flaw.HASTY_PROFILE)) {
        throw new NoPage(504);
      }
      return false;
    }
  }

  /** Whether what is popular was loaded in place of bookmarks. */
  private boolean bookmarks(World world) throws NoPage, InterruptedException {
    if (Steps.ask(world, "bookmarks", Ask.get("/bookmarks"), 600).isServed()) {
      return false;
    }
    telemetry(world);
    Got popular = Steps.ask(world, "trending", Ask.get("/top"), 500);
    if (popular.isRefused() && flaws.shows(Flaw.BOOKMARKS_NEED_TRENDING)) {
      throw new NoPage(500);
    }
    return popular.isServed();
  }

  private void telemetry(World world) throws InterruptedException {
    Ask lost = Ask.post("/events", "lost", 1);
    boolean isAwaited = flaws.isPlanted(Flaw.TELEMETRY_IS_AWAITED);
    Got noted = Steps.ask(world, "telemetry", lost, isAwaited ? 500 : 120);
    for (int tries = 1; tries < TELEMETRY_TRIES && noted.isSlow(); tries++) {
      if (!flaws.shows(Flaw.TELEMETRY_IS_AWAITED)) {
        return;
      }
      noted = Steps.ask(world, "telemetry", lost, 500);
    }
  }

  private long list(World world) throws NoPage, InterruptedException {
    Ask titles = Ask.get("/list");
    Got list = Steps.ask(world, "my-list", titles, 500);
    if (list.isServed()) {
      return list.value("titles", 0);
    }
    if (list.isRefused() && flaws.isPlanted(Flaw.SAME_LIST_SERVER)) {
      Got again = Steps.ask(world, "my-list", titles, 500);
      if (again.isRefused() && flaws.shows(Flaw.SAME_LIST_SERVER)) {
        throw new NoPage(500);
      }
      return again.value("titles", 0);
    }
    return Steps.ask(world, "my-list-replica", titles, 500).value("titles", 0);
  }

  private long recommendations(World world, boolean hasPopular)
      throws NoPage, InterruptedException {
    Got mine = Steps.ask(world, "user-recs", Ask.get("/for-me"), 800);
    if (mine.isServed()) {
      return mine.value("titles", 0);
    }
    Got ours = Steps.ask(world, "global-recs", Ask.get("/for-all"), 500);
    if (ours.isServed() || hasPopular) {
      return ours.value("titles", 0);
    }
    Got popular = Steps.ask(world, "trending", Ask.get("/top"), 500);
    boolean none = ours.isRefused() && !popular.isServed();
    if (none && flaws.shows(Flaw.RECOMMENDATIONS_NEED_TRENDING)) {
      throw new NoPage(500);
    }
    return popular.value("titles", 0);
  }

  /** Whether it is known for whom the titles are; what everybody thinks of them is not enough. */
  private boolean ratings(World world) throws NoPage, InterruptedException {
    if (Steps.ask(world, "ratings", Ask.get("/ratings"), 300).isServed()) {
      return true;
    }
    try {
      Answer average = world.call("catalog", Ask.get("/titles"), Steps.millis(300));
      if (average.status() == 404 && flaws.shows(Flaw.UNKNOWN_TITLE_LEAKS)) {
        throw new NoPage(404);
      }
    } catch (CallFailed none) {
      return false;
    }
    return false;
  }
}
