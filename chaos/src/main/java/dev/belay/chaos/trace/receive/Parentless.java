package dev.belay.chaos.trace.receive;

import dev.belay.chaos.trace.Operations;
import dev.belay.chaos.trace.TraceParent;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The operations whose parents do not come even in the healthy system: whoever calls them sends
 * spans to somebody else. For one thread at a time.
 */
final class Parentless {
  private static final int MOST = 1_000;

  private final Set<String> names = new HashSet<>();

  /** Whether a parent is still to come. Those of a known operation are not waited for. */
  boolean lacksParents(Gathered gathered, TraceParent sent) {
    return gathered.orphans(sent).map(Operations::nameOf).anyMatch(name -> !names.contains(name));
  }

  /** Notes what the healthy system shows: no parent of these has come, however long one waited. */
  void learn(Gathered gathered, TraceParent sent) {
    gathered.orphans(sent).map(Operations::nameOf).limit(MOST - names.size()).forEach(names::add);
  }

  /** Forgets those whose parents have come after all, to each of them, in a whole trace. */
  void unlearn(Gathered gathered, TraceParent sent) {
    if (!names.isEmpty()) {
      Set<String> orphans =
          gathered.orphans(sent).map(Operations::nameOf).collect(Collectors.toSet());
      gathered
          .children(sent)
          .map(Operations::nameOf)
          .filter(name -> !orphans.contains(name))
          .forEach(names::remove);
    }
  }
}
