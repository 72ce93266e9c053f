package dev.belay.server.api;

import dev.belay.Time;
import dev.belay.llm.form.Words;
import dev.belay.llm.review.Decision;
import dev.belay.llm.review.ReviewException;
import dev.belay.llm.review.ReviewFilter;
import dev.belay.llm.review.ReviewItem;
import dev.belay.llm.review.ReviewPage;
import dev.belay.llm.review.ReviewQueue;
import dev.belay.llm.review.ReviewState;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Calls to models that wait for a person: to look at, and to decide. */
final class ReviewRoutes {
  private static final String PATH = "/api/v1/reviews";
  private static final String ONE = PATH + "/{ticket}";
  private static final int LONGEST_NAME = 256;

  /** A decision of the longest text, each character of it escaped. */
  private static final Bodies DECISION = new Bodies(List.of("application/json"), 1 << 21);

  private static final List<String> STATES =
      Arrays.stream(ReviewState.values()).map(Words::of).toList();

  private final ReviewQueue reviews;
  private final Time time;

  ReviewRoutes(ReviewQueue reviews, Time time) {
    this.reviews = reviews;
    this.time = time;
  }

  void addTo(Routes routes) {
    routes.get(PATH, this::page);
    routes.get(ONE, this::one);
    routes.add(HttpMethod.POST, ONE + "/decision", DECISION, this::decide);
  }

  private Reply page(Ask ask) {
    Query query = new Query(ask);
    Set<String> states = query.someOf("state", STATES);
    Optional<String> tenant = query.text("tenant", LONGEST_NAME);
    Optional<String> after = query.text("after", LONGEST_NAME);
    int limit = query.whole("limit", 1, 500, 50);
    query.close();
    ReviewFilter filter =
        new ReviewFilter(
            Arrays.stream(ReviewState.values())
                .filter(state -> states.contains(Words.of(state)))
                .collect(Collectors.toSet()),
            tenant.orElse(""),
            after.orElse(""),
            limit);
    ReviewPage page = reviews.list(filter);
    Instant now = time.instant();
    return Reply.ok(
        new JsonObject()
            .put(
                "reviews",
                new JsonArray(
                    page.items().stream().map(item -> ReviewJson.line(item, now)).toList()))
            .put("next", page.next())
            .put("stats", ReviewJson.stats(reviews.stats())));
  }

  private Reply one(Ask ask) {
    new Query(ask).close();
    String ticket = ask.param("ticket");
    return reply(reviews.find(ticket).orElseThrow(() -> ApiProblem.noReview(ticket)));
  }

  private Reply decide(Ask ask) {
    new Query(ask).close();
    String ticket = ask.param("ticket");
    DecisionFields wanted = DecisionFields.read(ask.fields());
    return reply(decide(ticket, wanted.decision(), wanted.reviewer()));
  }

  private ReviewItem decide(String ticket, Decision decision, String reviewer) {
    try {
      return reviews.decide(ticket, decision, reviewer);
    } catch (ReviewException refused) {
      throw switch (refused.reason()) {
        case UNKNOWN -> ApiProblem.noReview(ticket);
        case DECIDED -> ApiProblem.settled("REVIEW_ALREADY_DECIDED", ticket, sentence(refused));
        case EXPIRED -> ApiProblem.settled("REVIEW_EXPIRED", ticket, sentence(refused));
        case FULL -> ApiProblem.busy(sentence(refused));
      };
    }
  }

  private static String sentence(ReviewException refused) {
    String text = String.valueOf(refused.getMessage());
    return Character.toUpperCase(text.charAt(0)) + text.substring(1) + ".";
  }

  private Reply reply(ReviewItem item) {
    return Reply.of(200, "application/json", ReviewJson.whole(item, time.instant()));
  }
}
