package dev.belay.chaos.search;

import dev.belay.chaos.Defect;
import dev.belay.chaos.Observation;
import dev.belay.chaos.session.Entry;
import dev.belay.chaos.session.SessionState;
import dev.belay.chaos.session.SessionView;
import dev.belay.chaos.session.Sessions;
import dev.belay.chaos.session.Trial;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What earlier sessions found, and what has become of it. */
public final class PastDefects {
  private static final int MOST_SESSIONS = 20;
  private static final int MOST = 50;

  private PastDefects() {}

  /** The smallest plans of sessions of a service that are over, the newest first. */
  public static Beginning of(Sessions sessions, String service) {
    Map<String, Beginning.Past> found = new LinkedHashMap<>();
    List<SessionView> over =
        sessions.list().stream()
            .filter(view -> view.state() == SessionState.COMPLETED)
            .filter(view -> view.spec().service().equals(service))
            .filter(view -> view.defects().stream().anyMatch(one -> one.minimal().isPresent()))
            .limit(MOST_SESSIONS)
            .toList();
    for (SessionView view : over) {
      Optional<String> topology = topology(sessions.entries(view.id()));
      for (Defect defect : topology.isPresent() ? view.defects() : List.<Defect>of()) {
        defect
            .minimal()
            .ifPresent(minimal ->
                found.putIfAbsent(
                    topology.orElseThrow() + defect.signature(),
                    new Beginning.Past(
                        defect.signature(),
                        minimal.plan(),
                        minimal.odds(),
                        topology.orElseThrow())));
      }
    }
    return new Beginning(found.values().stream().limit(MOST).toList(), false);
  }

  /** The topology of a session's system, if its traces showed any. */
  private static Optional<String> topology(List<Entry> entries) {
    List<Observation> healthy = new ArrayList<>();
    for (Entry entry : entries) {
      if (entry instanceof Entry.Healthy one) {
        healthy.add(one.observation());
      }
    }
    try {
      return healthy.isEmpty() ? Optional.empty() : Optional.of(FaultSpace.of(healthy).topology());
    } catch (IllegalArgumentException noCalls) {
      return Optional.empty();
    }
  }

  /**
   * What has become of known defects.
   *
   * @param still those that showed again
   * @param gone those whose plan was tried and showed nothing
   * @param untried those that were not looked at yet, or could not be
   * @param added failures that were not known
   */
  public record Change(
      List<String> still, List<String> gone, List<String> untried, List<String> added) {
    public Change {
      still = List.copyOf(still);
      gone = List.copyOf(gone);
      untried = List.copyOf(untried);
      added = List.copyOf(added);
    }
  }

  /** What a session found out about what was known; nothing if it began with nothing. */
  public static Optional<Change> change(SessionView view, List<Entry> entries) {
    Beginning all = Beginning.read(view.spec().space());
    Optional<String> topology = all.plans().isEmpty() ? Optional.empty() : topology(entries);
    if (all.only() || topology.isEmpty()) {
      return Optional.empty();
    }
    Beginning known = all.of(topology.get());
    if (known.plans().isEmpty()) {
      return Optional.empty();
    }
    Set<String> seen = new LinkedHashSet<>();
    view.defects().forEach(defect -> seen.add(defect.signature()));
    List<String> still = new ArrayList<>();
    List<String> gone = new ArrayList<>();
    List<String> untried = new ArrayList<>();
    for (Beginning.Past past : known.plans()) {
      long tries = tries(past, entries);
      if (seen.contains(past.signature()) || showed(past, entries)) {
        still.add(past.signature());
      } else if (tries >= past.patience()) {
        gone.add(past.signature());
      } else {
        untried.add(past.signature());
      }
    }
    known.plans().forEach(past -> seen.remove(past.signature()));
    return Optional.of(new Change(still, gone, untried, List.copyOf(seen)));
  }

  private static List<Trial> regressions(Beginning.Past past, List<Entry> entries) {
    List<Trial> trials = new ArrayList<>();
    for (Entry entry : entries) {
      if (entry instanceof Entry.Done done
          && done.trial().proposal().arm().equals(Beginning.REGRESSION)
          && done.trial().proposal().plan().equals(past.plan())) {
        trials.add(done.trial());
      }
    }
    return trials;
  }

  private static long tries(Beginning.Past past, List<Entry> entries) {
    return regressions(past, entries).stream().filter(trial -> trial.seen().isPresent()).count();
  }

  private static boolean showed(Beginning.Past past, List<Entry> entries) {
    return regressions(past, entries).stream()
        .flatMap(trial -> trial.seen().stream())
        .anyMatch(seen -> seen.insight().failure().equals(Optional.of(past.signature())));
  }
}
