package dev.belay.chaos.report;

import static dev.belay.chaos.report.Story.abort;
import static dev.belay.chaos.report.Story.answer;
import static dev.belay.chaos.report.Story.delay;
import static dev.belay.chaos.report.Story.fault;
import static dev.belay.chaos.report.Story.struck;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.Cases;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.guard.SafetyLog;
import dev.belay.chaos.search.PastDefects;
import dev.belay.chaos.session.SessionState;
import dev.belay.chaos.session.SessionView;
import dev.belay.chaos.trace.Trace;
import dev.belay.chaos.wire.Json;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

class PagesTest {
  private static final String HOSTILE =
      "<script>alert(\"1\")</script>' onload='x' ]]> --> &amp; \u0000\u0007\uD800 \uD83D\uDE80"
          + " | `code` [link](javascript:x)\n# head "
          + "x".repeat(5_000);

  private static Trace trace(String service) {
    return new Spans("t0").serves(0, "shop", 0, 20, false).serves(1, service, 1, 8, true).trace();
  }

  /** A session in which all that can bear a name bears this one. */
  private static Story named(String name) {
    String signature = "GET / | 500 | " + name;
    FaultPlan one = FaultPlan.of(fault("shop", name, abort()));
    FaultPlan two = FaultPlan.of(fault("shop", name, delay(100)));
    FaultPlan both = FaultPlan.of(fault("shop", name, abort()), fault(name, "tax", abort()));
    return new Story()
        .healthy(answer(200, trace(name)))
        .held(name, two, struck(answer(200, trace(name)), two, 0))
        .failed("random", both, struck(answer(500, trace(name)), both, 0), signature)
        .failed("minimise", one, struck(answer(500, trace(name)), one, 0), signature)
        .couldNot("random", two)
        .defect(signature, both, one)
        .safety(SafetyLog.Kind.BROKEN_OFF, name)
        .ends(SessionState.FAILED, name);
  }

  private static Document parse(String page)
      throws ParserConfigurationException, IOException, SAXException {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_DTD, "");
    return factory.newDocumentBuilder().parse(new InputSource(new StringReader(page)));
  }

  private static List<Element> all(Document page, String tag) {
    NodeList nodes = page.getElementsByTagName(tag);
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      elements.add((Element) nodes.item(i));
    }
    return elements;
  }

  private static List<String> texts(Document page, String tag) {
    return all(page, tag).stream().map(Element::getTextContent).toList();
  }

  @Test
  void thePageShowsWhatTheSessionFound() throws Exception {
    Document page = parse(HtmlReport.write(named("tax").report()));

    assertThat(texts(page, "h1")).containsExactly("Chaos session of shop");
    assertThat(texts(page, "h3")).containsExactly("1. GET / | 500 | tax");
    assertThat(texts(page, "code")).contains("shop>tax abort 503");
    assertThat(texts(page, "strong")).contains("1", "4 of 100", "missing fallback");
    assertThat(texts(page, "td")).contains("fails", "tolerated", "broken off");
    assertThat(texts(page, "figcaption"))
        .containsExactly(
            "Best score so far",
            "Different failures so far: this session\nexpected by chance\n",
            "Healthy, 20.0 ms",
            "Failing, 20.0 ms",
            "Services, and who calls whom");
    assertThat(texts(page, "text")).contains("\u26a1 abort 503");
    assertThat(page.getDocumentElement().getTextContent())
        .contains("Shows 3 of 3 (at 95 %: 43.9 % to 100.0 %)");
  }

  @Test
  void thePageNeedsNothingButItself() throws Exception {
    String page = HtmlReport.write(named("tax").report());

    assertThat(page).doesNotContain("http:", "https:", "url(", "@import");
    assertThat(all(parse(page), "link")).isEmpty();
    assertThat(all(parse(page), "script")).isEmpty();
    assertThat(page).contains("prefers-color-scheme: dark");
  }

  @Test
  void hostileNamesStayText() throws Exception {
    Document tame = parse(HtmlReport.write(named("till").report()));
    Document page = parse(HtmlReport.write(named(HOSTILE).report()));

    assertThat(all(page, "script")).isEmpty();
    assertThat(all(page, "*")).hasSameSizeAs(all(tame, "*"));
    assertThat(all(page, "*")).allSatisfy(one -> assertThat(one.hasAttribute("onload")).isFalse());
    assertThat(page.getDocumentElement().getTextContent())
        .contains("<script>alert(\"1\")</script>", "\uD83D\uDE80")
        .doesNotContain("\u0007");
  }

  @Test
  void anyTextStaysTextOnThePage() {
    Cases.check(
        200,
        PagesTest::anyText,
        text -> {
          Markup page = new Markup();
          page.open("p", "title", text).text(text).close();
          Document parsed;
          try {
            parsed = parse(page.toString());
          } catch (ParserConfigurationException | IOException | SAXException broken) {
            throw new AssertionError(page.toString(), broken);
          }
          assertThat(parsed.getDocumentElement().getChildNodes().getLength()).isLessThan(2);
          assertThat(parsed.getDocumentElement().getAttributes().getLength()).isEqualTo(1);
        });
  }

  private static String anyText(RandomGenerator random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(30); i > 0; i--) {
      text.append(
          random.nextBoolean()
              ? (char) random.nextInt(0x10000)
              : "<>&\"'/]-!".charAt(random.nextInt(9)));
    }
    return text.toString();
  }

  @Test
  void saysThatWithoutReceiptsEveryFaultCountsAsStruck() {
    FaultPlan plan = FaultPlan.of(fault("shop", "tax", abort()));
    Report without =
        new Story()
            .healthy(answer(200, trace("tax")))
            .held("sweep", plan, answer(200, trace("tax")))
            .report();

    assertThat(HtmlReport.write(without)).contains(Words.NO_RECEIPTS);
    assertThat(MarkdownReport.write(without)).contains(Words.NO_RECEIPTS);
    assertThat(Json.read(JsonReport.write(without)).yesNo("receipts", true)).isFalse();
    for (Report other : List.of(named("tax").report(), new Story().report())) {
      assertThat(HtmlReport.write(other)).doesNotContain(Words.NO_RECEIPTS);
      assertThat(MarkdownReport.write(other)).doesNotContain(Words.NO_RECEIPTS);
    }
  }

  @Test
  void countsInWordsThatFitTheNumber() throws Exception {
    Document page = parse(HtmlReport.write(named("tax").report()));
    Document empty = parse(HtmlReport.write(new Story().report()));

    assertThat(texts(page, "li")).contains("1\ndefect");
    assertThat(texts(page, "p"))
        .contains(
            "4 trials in 6.0 s, and 1 look at the healthy system: 4 requests from outside,"
                + " 4 calls between services in traces.");
    assertThat(texts(empty, "li")).contains("0\ndefects");
    assertThat(MarkdownReport.write(new Story().report())).contains(", 0 defects.");
    assertThat(Words.count(1, "trial")).isEqualTo("1 trial");
    assertThat(Words.count(2, "trial")).isEqualTo("2 trials");
  }

  @Test
  void anEmptySessionHasAPage() throws Exception {
    Document page = parse(HtmlReport.write(new Story().report()));

    assertThat(texts(page, "p"))
        .contains(
            "No trial was made.",
            "None was found.",
            "No fault was planned.",
            "The guard had nothing to do.");
  }

  @Test
  void aFailedSessionSaysWhy() throws Exception {
    Story story = new Story().ends(SessionState.FAILED, "the executor is away");

    Document page = parse(HtmlReport.write(story.report()));

    assertThat(texts(page, "p")).contains("Ended: the executor is away");
    assertThat(MarkdownReport.write(story.report())).contains("Ended: the executor is away");
  }

  @Test
  void markdownHasTheSameFigures() {
    String text = MarkdownReport.write(named("tax").report());

    assertThat(text)
        .contains("session-1: failed, 4 of 100 trials in 6.0 s, 1 defect.")
        .contains("### 1. GET / \\| 500 \\| tax\n\n- shop&gt;tax abort 503\n")
        .contains("**missing fallback** at shop&gt;tax.")
        .contains("| edge | delay | abort |\n|---|---|---|\n")
        .contains("| shop&gt;tax | tolerated | fails |")
        .contains("| minimise | 1 | 0 | 1.5 s |");
  }

  @Test
  void markdownStaysMarkdownWhateverTheNames() {
    String tame = MarkdownReport.write(named("tax").report());
    String text = MarkdownReport.write(named(HOSTILE).report());

    assertThat(text).doesNotContain("<script").doesNotContainPattern("(?<!\\\\)]\\(javascript");
    assertThat(text.lines().filter(line -> line.startsWith("#")).count())
        .isEqualTo(tame.lines().filter(line -> line.startsWith("#")).count());
  }

  @Test
  void jsonHasAllOfIt() {
    String text = JsonReport.write(named(HOSTILE).report());

    var tree = Json.read(text);
    assertThat(tree.keys())
        .containsExactly(
            "session",
            "curve",
            "compared_with_chance",
            "heat_map",
            "receipts",
            "service_map",
            "coverage",
            "defects",
            "safety",
            "cost");
    var defect = tree.trees("defects").getFirst();
    assertThat(defect.tree("minimal").tree("odds").whole("of", 0, 9)).isEqualTo(3);
    assertThat(defect.trees("hints").getFirst().text("pattern")).isEqualTo("missing_fallback");
    assertThat(defect.trees("hints").getFirst().text("title")).isEqualTo("missing fallback");
    assertThat(defect.trees("failing_trace")).hasSize(2);
    assertThat(defect.whole("failing_trace_ns", 0, Long.MAX_VALUE)).isEqualTo(20_000_000);
    assertThat(defect.whole("failing_trace_left", 0, 9)).isZero();
    assertThat(defect.whole("healthy_trace_ns", 0, Long.MAX_VALUE)).isEqualTo(20_000_000);
    assertThat(tree.yesNo("receipts", false)).isTrue();
    assertThat(tree.trees("curve")).hasSize(4);
    assertThat(tree.tree("coverage").whole("quiet_random_trials", 0, 99)).isZero();
    assertThat(tree.tree("session").text("stop_reason")).isEqualTo(HOSTILE);
    assertThat(tree.tree("cost").tree("arms").tree("minimise").number("seconds", 0, 9))
        .isEqualTo(1.5);
  }

  @Test
  void aSessionThatWaitsSaysForWhat() {
    Report report = new Story().report();
    var view = report.session();
    Report waiting =
        new Report(
            new SessionView(
                view.id(),
                view.spec(),
                SessionState.RUNNING,
                view.times(),
                view.progress(),
                new SessionView.Note(Optional.empty(), Optional.of("the system is not steady")),
                List.of()),
            report.curve(),
            report.tried(),
            report.findings(),
            report.influence(),
            report.effort(),
            Optional.of(
                new PastDefects.Change(
                    List.of("GET / | 500"), List.of("<b>slow"), List.of(), List.of("new one"))));

    assertThat(HtmlReport.write(waiting))
        .contains("Known before", "still there: GET / | 500", "gone: &lt;b&gt;slow");
    assertThat(MarkdownReport.write(waiting)).contains("## Known before", "new: new one");
    assertThat(Json.read(JsonReport.write(waiting)).tree("regression").texts("gone"))
        .containsExactly("<b>slow");
    assertThat(HtmlReport.write(waiting)).contains("Waits: the system is not steady");
    assertThat(MarkdownReport.write(waiting)).contains("Waits: the system is not steady");
    assertThat(Json.read(JsonReport.write(waiting)).tree("session").text("waits_for"))
        .isEqualTo("the system is not steady");
  }
}
