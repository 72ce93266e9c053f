package dev.belay.chaos.session;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Tells a search all that a session did before it was cut off.
 *
 * @param asked how many proposals were asked for
 * @param open those that were not answered, and are tried once more
 */
record Replay(int asked, Deque<Lanes.Trying> open) {
  /** Nothing if the search does not want the same as it did then. */
  static Optional<Replay> of(SessionLog log, Search search) {
    int asked = 0;
    Map<Integer, Lanes.Trying> open = new LinkedHashMap<>();
    for (Entry entry : log.entries()) {
      switch (entry) {
        case Entry.Applying begun -> {
          if (begun.trial() <= asked) {
            continue; // it had been cut off before
          }
          asked++;
          Optional<Proposal> proposal = search.next();
          if (proposal.isEmpty() || !proposal.get().plan().equals(begun.proposal().plan())) {
            return Optional.empty();
          }
          open.put(asked, new Lanes.Trying(asked, proposal.get(), begun.at()));
        }
        case Entry.Done done -> {
          open.remove(done.trial().number());
          tell(search, done.trial());
        }
        case Entry.Moved none -> {}
        case Entry.Healthy none -> {}
        case Entry.Looked none -> {}
        case Entry.Found none -> {}
        case Entry.Safety none -> {}
      }
    }
    return Optional.of(new Replay(asked, new ArrayDeque<>(open.values())));
  }

  private static void tell(Search search, Trial trial) {
    switch (trial.result()) {
      case Trial.Seen seen -> {
        Insight unused = search.saw(trial.number(), seen.observation(), seen.score());
      }
      case Trial.Failed failed -> search.failed(trial.number());
    }
  }
}
