package dev.belay.server.api;

import dev.belay.llm.check.Answer;
import dev.belay.llm.check.Problem;
import dev.belay.llm.form.Words;
import dev.belay.llm.json.Json;
import dev.belay.llm.review.ReviewForm;
import dev.belay.llm.review.ReviewItem;
import dev.belay.llm.review.ReviewState;
import dev.belay.llm.review.ReviewStats;
import dev.belay.llm.review.ReviewStatus;
import dev.belay.server.live.Jsons;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reviews as the API shows them: all of one, or a line in a list. */
final class ReviewJson {
  private static final int EXCERPT = 500;
  private static final int MOST_PROBLEMS = 5;

  private ReviewJson() {}

  /** All of it, with what was asked last and how long there is left. */
  static Buffer whole(ReviewItem item, Instant now) {
    @Nullable Double left = secondsLeft(item, now);
    Json.Obj json =
        ReviewForm.write(item)
            .with("question", Json.of(item.parked().answer().question()))
            .with("age", Json.of(age(item, now)))
            .with("seconds_left", left == null ? new Json.Null() : Json.of(left));
    return Buffer.buffer(json.toString());
  }

  /** Enough to know it by; long texts are cut. */
  static JsonObject line(ReviewItem item, Instant now) {
    List<Problem> problems = item.parked().problems();
    @Nullable String reviewer =
        item.status() instanceof ReviewStatus.Decided decided ? plain(decided.reviewer()) : null;
    return new JsonObject()
        .put("ticket", item.ticket())
        .put("state", Words.of(item.state()))
        .put("created", item.created().toString())
        .put("expires", item.expires().toString())
        .put("age", age(item, now))
        .put("seconds_left", secondsLeft(item, now))
        .put("tenant", plain(item.parked().tenant()))
        .put("run_key", plain(item.parked().runKey()))
        .put("question", excerpt(item.parked().answer().question()))
        .put("answer_excerpt", excerpt(said(item.parked().answer())))
        .put(
            "problems",
            new JsonArray(
                problems.reversed().stream()
                    .limit(MOST_PROBLEMS)
                    .map(ReviewJson::problem)
                    .toList()))
        .put("problems_total", problems.size())
        .put("attempts_made", item.parked().attemptsMade())
        .put("reviewer", reviewer);
  }

  /** What the model said, be it that it would not. */
  private static String said(Answer answer) {
    return answer.text().isEmpty() ? answer.refusal() : answer.text();
  }

  private static JsonObject problem(Problem problem) {
    return new JsonObject()
        .put("validator", problem.validator())
        .put("message", excerpt(problem.message()));
  }

  private static double age(ReviewItem item, Instant now) {
    return Math.max(0, Jsons.seconds(Duration.between(item.created(), now)));
  }

  private static @Nullable Double secondsLeft(ReviewItem item, Instant now) {
    return item.state() == ReviewState.OPEN
        ? Math.max(0, Jsons.seconds(Duration.between(now, item.expires())))
        : null;
  }

  /** Cut and marked. */
  private static String excerpt(String text) {
    if (text.length() <= EXCERPT) {
      return plain(text);
    }
    int end = Character.isHighSurrogate(text.charAt(EXCERPT - 1)) ? EXCERPT - 1 : EXCERPT;
    return plain(text.substring(0, end)) + "…";
  }

  /** Without halves of characters, which models do bring and no encoding has. */
  private static String plain(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }

  static JsonObject stats(ReviewStats stats) {
    JsonObject byState = new JsonObject();
    for (ReviewState state : ReviewState.values()) {
      byState.put(Words.of(state), stats.byState().getOrDefault(state, 0L));
    }
    return new JsonObject()
        .put("open", stats.open())
        .put("by_state", byState)
        .put("mean_time_to_decide", Jsons.seconds(stats.meanTimeToDecide()));
  }
}
