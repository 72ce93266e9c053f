package dev.belay.llm.transcript;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.belay.llm.LlmResponse;
import dev.belay.llm.ProviderError;
import dev.belay.llm.budget.Spent;
import dev.belay.llm.check.Finding;
import dev.belay.llm.correct.Stage;
import dev.belay.llm.delay.Decision;
import dev.belay.llm.form.RequestForm;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/** Keeps the lines of one call in order until they are written. Safe for any number of threads. */
final class Journal implements CallRecord {
  private final Transcripts owner;
  private final String id;
  private final Pen pen;
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final Queue<Waiting> queue = new ArrayDeque<>();

  @GuardedBy("lock")
  private boolean begun;

  @GuardedBy("lock")
  private boolean writing;

  @GuardedBy("lock")
  private boolean cut;

  @GuardedBy("lock")
  private boolean closed;

  @GuardedBy("lock")
  private String answer = "";

  /** A line; marks and ends find room always, for there are at most two of them in a call. */
  private record Waiting(TranscriptLine line, boolean holdsRoom) {}

  Journal(Transcripts owner, String id) {
    this.owner = owner;
    this.id = id;
    this.pen = new Pen(owner.folder(), owner.settings(), id);
  }

  @Override
  public String id() {
    return id;
  }

  void begin(CallStart start) {
    tell(at ->
        new TranscriptLine.Call(
            at,
            id,
            new TranscriptLine.Origin(
                start.route(), start.key(), start.tenant(), start.endpoints()),
            RequestForm.write(start.request()),
            start.checks(),
            start.terms()));
  }

  @Override
  public void attempt(Place place, Duration waited, WaitedFor waitedFor) {
    tell(at -> new TranscriptLine.Attempt(at, place, waited, waitedFor));
  }

  @Override
  public void failed(Place place, ProviderError error, Duration took) {
    tell(at -> new TranscriptLine.Failed(at, place, error, took, Optional.empty()));
  }

  @Override
  public void failed(Place place, ProviderError error, Duration took, Decision decision) {
    tell(at -> new TranscriptLine.Failed(at, place, error, took, Optional.of(decision)));
  }

  @Override
  public void answered(Place place, LlmResponse response, double dollars, Duration took) {
    tell(at -> {
      TranscriptLine.Said said = TranscriptLine.Said.of(response);
      lock.lock();
      try {
        answer = said.choice().text();
      } finally {
        lock.unlock();
      }
      return new TranscriptLine.Answered(at, place, said, response.usage(), dollars, took);
    });
  }

  @Override
  public void checked(Finding finding) {
    tell(at -> TranscriptLine.Checked.of(at, finding, answer()));
  }

  private String answer() {
    lock.lock();
    try {
      return answer;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void correction(Stage stage, Duration pause, int feedbackLength) {
    tell(at -> new TranscriptLine.Correction(at, stage, pause, feedbackLength));
  }

  @Override
  public void end(Ending ending, Spent spent, Duration waited, Duration took) {
    tell(at -> new TranscriptLine.End(at, ending, spent, waited, took));
  }

  /** Whatever is wrong with what we are told, it is not to become the trouble of the call. */
  private void tell(Function<Instant, TranscriptLine> what) {
    Instant now = owner.time().instant();
    TranscriptLine line;
    try {
      line = what.apply(now);
    } catch (RuntimeException | StackOverflowError wrong) {
      owner.update(health -> health.withError(wrong).withDropped(1));
      line = new TranscriptLine.Truncated(now, "error");
    }
    if (put(line)) {
      start();
    }
  }

  /** Whether somebody has to begin to write. */
  private boolean put(TranscriptLine line) {
    lock.lock();
    try {
      boolean end = line instanceof TranscriptLine.End;
      if (closed || (cut && !end)) {
        owner.update(health -> health.withDropped(1));
        return false;
      }
      Waiting next = waiting(line);
      // a file that does not begin with its call could not be read: better none
      closed = end || !(begun || next.line instanceof TranscriptLine.Call);
      if (closed && !end) {
        return false;
      }
      begun = true;
      queue.add(next);
      boolean begin = !writing;
      writing = true;
      return begin;
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private Waiting waiting(TranscriptLine line) {
    if (line instanceof TranscriptLine.End) {
      return new Waiting(line, false);
    }
    if (line instanceof TranscriptLine.Truncated) {
      cut = true;
      return new Waiting(line, false);
    }
    if (owner.room().tryAcquire()) {
      return new Waiting(line, true);
    }
    cut = true;
    owner.update(health -> health.withDropped(1));
    return new Waiting(new TranscriptLine.Truncated(line.at(), "queue"), false);
  }

  private void start() {
    try {
      owner.executor().execute(this::write);
    } catch (RuntimeException refused) {
      stop(refused, 0);
    }
  }

  /** One task of a call is under way at a time, so that its lines keep their order. */
  private void write() {
    List<TranscriptLine> batch = take();
    try {
      while (!batch.isEmpty()) {
        tellOf(batch.size(), pen.write(batch));
        batch = take();
      }
    } catch (Exception | StackOverflowError failed) {
      stop(failed, batch.size());
    }
  }

  private void tellOf(int lines, Pen.Written written) {
    owner.update(health -> health.withLines(written.lines()).withDropped(lines - written.lines()));
    written.error().ifPresent(error -> owner.update(health -> health.withError(error)));
  }

  private List<TranscriptLine> take() {
    lock.lock();
    try {
      List<TranscriptLine> batch = new ArrayList<>();
      for (Waiting one = queue.poll(); one != null; one = queue.poll()) {
        batch.add(one.line);
        owner.room().release(one.holdsRoom ? 1 : 0);
      }
      writing = !batch.isEmpty();
      return batch;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Nothing of this call is written any more: after a gap that is not marked nothing may follow.
   */
  private void stop(Throwable failed, int unwritten) {
    int lost = unwritten;
    lock.lock();
    try {
      closed = true;
      writing = false;
      for (Waiting one = queue.poll(); one != null; one = queue.poll()) {
        lost++;
        owner.room().release(one.holdsRoom ? 1 : 0);
      }
    } finally {
      lock.unlock();
    }
    int dropped = lost;
    owner.update(health -> health.withDropped(dropped).withError(failed));
  }
}
