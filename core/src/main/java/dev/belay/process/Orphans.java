package dev.belay.process;

import dev.belay.Time;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Programs whose owner died without ending them, by {@code kill -9} say. Found on Linux only, by
 * the variable that {@link Program#start} gives to each. Safe for any number of threads.
 */
public final class Orphans {
  private static final Duration LOOK_AGAIN = Duration.ofMillis(20);
  private static final Duration AFTER_KILL = Duration.ofSeconds(2);

  private Orphans() {}

  /**
   * Ends all of them, with what else is in their groups: tells them to, and kills what has not
   * ended after a while. Leaves alone what another user owns, what was not started by {@link
   * Program}, and whatever has an owner that lives.
   *
   * @param grace how long they may take to end
   * @return how many were found
   * @throws InterruptedException if interrupted before all have ended; they have been told to
   */
  public static int sweep(Duration grace, Time time) throws InterruptedException {
    List<ProcessHandle> found = find();
    found.forEach(ProcessHandle::destroy);
    if (!awaitNone(found, grace, time)) {
      find().forEach(ProcessHandle::destroyForcibly);
      found.forEach(ProcessHandle::destroyForcibly);
      var unused = awaitNone(found, AFTER_KILL, time);
    }
    return found.size();
  }

  private static List<ProcessHandle> find() {
    List<ListedProcess> living = ListedProcess.all().stream().filter(ListedProcess::lives).toList();
    List<ListedProcess> orphans = living.stream().filter(Orphans::isOrphan).toList();
    Set<Long> numbers = orphans.stream().map(ListedProcess::pid).collect(Collectors.toSet());
    Set<Long> groups =
        orphans.stream()
            .map(ListedProcess::group)
            .filter(group -> numbers.contains(group) || ListedProcess.of(group).isEmpty())
            .collect(Collectors.toSet());
    return living.stream()
        .filter(one -> numbers.contains(one.pid()) || belongs(one, groups))
        .flatMap(one -> ProcessHandle.of(one.pid()).stream())
        .toList();
  }

  private static boolean isOrphan(ListedProcess process) {
    return process.owner().filter(owner -> !owner.lives()).isPresent();
  }

  /** One that has emptied its environment is known by its group, one that has another owner not. */
  private static boolean belongs(ListedProcess process, Set<Long> groups) {
    Optional<Owner> owner = process.owner();
    return groups.contains(process.group()) && owner.isEmpty();
  }

  private static boolean awaitNone(List<ProcessHandle> found, Duration most, Time time)
      throws InterruptedException {
    long end = time.nanos() + most.toNanos();
    while (found.stream().anyMatch(ListedProcess::lives)) {
      if (time.nanos() - end >= 0) {
        return false;
      }
      time.sleep(LOOK_AGAIN.toNanos());
    }
    return true;
  }
}
