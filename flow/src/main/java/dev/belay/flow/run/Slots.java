package dev.belay.flow.run;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Places for attempts: so many in each run, and so many at each backend. Among those that wait for
 * a place that is free, the one with the highest priority is next, then the one that came first. A
 * backend that has just recovered gets few attempts at first, and twice as many after each good
 * one. Safe for any number of threads.
 */
final class Slots {
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final Map<String, Room> rooms = new HashMap<>();

  @GuardedBy("lock")
  private final Map<Pair, PriorityQueue<Request>> queues = new HashMap<>();

  @GuardedBy("lock")
  private long arrivals;

  /** A place is taken in two rooms at once. */
  private record Pair(String run, String backend) {}

  private static final class Room {
    private int limit;
    private int allowed;
    private int used;

    Room(int limit) {
      this.limit = limit;
      this.allowed = limit;
    }
  }

  private static final class Request {
    private final Pair pair;
    private final int priority;
    private final long arrival;
    private final CountDownLatch granted = new CountDownLatch(1);

    Request(Pair pair, int priority, long arrival) {
      this.pair = pair;
      this.priority = priority;
      this.arrival = arrival;
    }
  }

  private static final Comparator<Request> NEXT =
      Comparator.<Request>comparingInt(request -> -request.priority)
          .thenComparingLong(request -> request.arrival);

  /** How many there may be in a room, from now on. */
  void limit(String room, int most) {
    lock.lock();
    try {
      Room there = rooms.computeIfAbsent(room, name -> new Room(most));
      there.limit = most;
      there.allowed = most;
      grant();
    } finally {
      lock.unlock();
    }
  }

  /** Forgets a room. */
  void remove(String room) {
    lock.lock();
    try {
      rooms.remove(room);
    } finally {
      lock.unlock();
    }
  }

  /** One at a time until it proves itself. */
  void startSlowly(String room) {
    lock.lock();
    try {
      Optional.ofNullable(rooms.get(room)).ifPresent(there -> there.allowed = 1);
    } finally {
      lock.unlock();
    }
  }

  /** An attempt there succeeded. */
  void grow(String room) {
    lock.lock();
    try {
      Room there = rooms.get(room);
      if (there != null && there.allowed < there.limit) {
        there.allowed = (int) Math.min(there.limit, 2L * there.allowed);
        grant();
      }
    } finally {
      lock.unlock();
    }
  }

  /** How many are in a room. */
  int used(String room) {
    lock.lock();
    try {
      return Optional.ofNullable(rooms.get(room)).map(there -> there.used).orElse(0);
    } finally {
      lock.unlock();
    }
  }

  /** How many may be in a room now. */
  int allowed(String room) {
    lock.lock();
    try {
      return Optional.ofNullable(rooms.get(room)).map(there -> there.allowed).orElse(0);
    } finally {
      lock.unlock();
    }
  }

  /** Waits for a place; both rooms have a limit already. */
  Slot take(String run, String backend, int priority) throws InterruptedException {
    Request request = request(new Pair(run, backend), priority);
    try {
      request.granted.await();
    } catch (InterruptedException given) {
      giveUp(request);
      throw given;
    }
    return new Slot(request.pair);
  }

  private Request request(Pair pair, int priority) {
    lock.lock();
    try {
      Request request = new Request(pair, priority, arrivals++);
      queues.computeIfAbsent(pair, any -> new PriorityQueue<>(NEXT)).add(request);
      grant();
      return request;
    } finally {
      lock.unlock();
    }
  }

  private void giveUp(Request request) {
    lock.lock();
    try {
      PriorityQueue<Request> queue = queues.get(request.pair);
      if (queue == null || !queue.remove(request)) {
        free(request.pair); // it had been granted meanwhile
      } else {
        forgetIfEmpty(request.pair, queue);
      }
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private void grant() {
    Optional<Request> next = next();
    while (next.isPresent()) {
      Request request = next.get();
      PriorityQueue<Request> queue = queues.get(request.pair);
      if (queue != null) {
        queue.remove();
        forgetIfEmpty(request.pair, queue);
      }
      roomsOf(request.pair).forEach(room -> room.used++);
      request.granted.countDown();
      next = next();
    }
  }

  @GuardedBy("lock")
  private void forgetIfEmpty(Pair pair, PriorityQueue<Request> queue) {
    if (queue.isEmpty()) {
      queues.remove(pair);
    }
  }

  @GuardedBy("lock")
  private Optional<Request> next() {
    List<Request> heads = new ArrayList<>(queues.size());
    queues.forEach((pair, queue) -> {
      Request head = queue.peek();
      if (head != null && hasSpace(pair)) {
        heads.add(head);
      }
    });
    return heads.stream().min(NEXT);
  }

  @GuardedBy("lock")
  private boolean hasSpace(Pair pair) {
    return roomsOf(pair).stream().allMatch(room -> room.used < room.allowed);
  }

  @GuardedBy("lock")
  private List<Room> roomsOf(Pair pair) {
    return List.of(room(pair.run), room(pair.backend));
  }

  @GuardedBy("lock")
  private Room room(String name) {
    return rooms.computeIfAbsent(name, unlimited -> new Room(Integer.MAX_VALUE));
  }

  @GuardedBy("lock")
  private void free(Pair pair) {
    roomsOf(pair).forEach(room -> room.used--);
    grant();
  }

  /** A place that is taken. For one thread. */
  final class Slot implements AutoCloseable {
    private final Pair pair;
    private boolean closed;

    private Slot(Pair pair) {
      this.pair = pair;
    }

    @Override
    public void close() {
      lock.lock();
      try {
        if (!closed) {
          closed = true;
          free(pair);
        }
      } finally {
        lock.unlock();
      }
    }
  }
}
