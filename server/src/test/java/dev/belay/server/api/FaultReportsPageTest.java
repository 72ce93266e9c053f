package dev.belay.server.api;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Reports of sessions, saved from the page and opened by the system's browser. */
@Timeout(120)
class FaultReportsPageTest {
  private static final String MARKUP = "<img src=x onerror=window.broken=1>";

  @RegisterExtension static final Chromium CHROMIUM = new Chromium();

  @TempDir private Path directory;

  private final TestSystems systems = new TestSystems(MARKUP);

  private String config(String token) {
    return """
    control: {port: 0%s}
    proxy: {port: 0, socks_port: 0}
    chaos: {sessions: '%s'}
    """
        .formatted(token, directory.resolve("sessions"));
  }

  /** Starts a session on the page, and waits for its end. */
  private void search(Screen screen, String service, int trials) {
    systems.letAll();
    screen.at("#tab-faults").click();
    screen.button("Start a session").click();
    screen.at("#fault-service").selectOption(service);
    screen.at("#fault-trials").fill(Integer.toString(trials));
    screen.at("#fault-seed").fill("7");
    screen.button("Start").click();
    assertThat(screen.at("#session .standing")).containsText("✓ completed");
  }

  private Path download(Screen from, String format) {
    Download download =
        from.page().waitForDownload(() -> from.at("#session .reports a").getByText(format).click());
    Path file = directory.resolve(download.suggestedFilename());
    download.saveAs(file);
    return file;
  }

  /** As a file, in a browser that knows nothing of the server. */
  private static void open(Path report, ColorScheme scheme, Consumer<Page> look) {
    List<String> complaints = new ArrayList<>();
    try (BrowserContext context =
        CHROMIUM.browser().newContext(new Browser.NewContextOptions().setColorScheme(scheme))) {
      Page page = context.newPage();
      page.onConsoleMessage(message -> complaints.add(message.text()));
      page.onPageError(complaints::add);
      page.onRequest(request -> {
        if (!request.url().equals(report.toUri().toString())) {
          complaints.add("asked for " + request.url());
        }
      });
      page.navigate(report.toUri().toString());
      look.accept(page);
      assertThat(page.evaluate(Legibility.FAINT).toString()).isEqualTo("[]");
    }
    assertThat(complaints).isEmpty();
  }

  @Test
  void aReportOpensByItselfAndShowsItsCharts() throws Exception {
    try (Api api = Api.start(config(""), systems::beside);
        Screen screen = Screen.open(CHROMIUM.browser(), api).go()) {
      search(screen, TestSystems.SHOP, 120);
      Path report = download(screen, "HTML");
      for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
        open(
            report,
            scheme,
            page -> {
              assertThat(page.locator("svg[aria-label^='Best score'] path.curve")).isVisible();
              assertThat(page.locator("path.chance")).hasCount(1);
              assertThat(page.locator("path.chance")).isVisible();
              assertThat(page.locator("figure.map g.call").first()).isVisible();
              assertThat(page.locator("figure.map .states .alone")).containsText("by itself");
              assertThat(page.locator(".three figure svg").first()).isVisible();
              assertThat(page.locator("table.heat td.fails").first()).isVisible();
              assertThat(page.locator("figure rect.span").first()).isVisible();
              assertThat(page.locator("figure text.struck").first()).containsText("⚡");
              Screen.shoot(page, "fault-report-" + scheme.name().toLowerCase(Locale.ROOT));
            });
      }
    }
  }

  @Test
  void namesThatMeanHarmStayTextInAReport() throws Exception {
    try (Api api = Api.start(config(""), systems::beside);
        Screen screen = Screen.open(CHROMIUM.browser(), api).go()) {
      search(screen, TestSystems.ODD, 20);
      open(
          download(screen, "HTML"),
          ColorScheme.LIGHT,
          page -> {
            assertThat(page.locator("article h3")).containsText(MARKUP);
            assertThat(page.locator("table.heat")).containsText("front>" + MARKUP);
            assertThat(page.locator("main")).containsText("The executor gave no receipts");
            assertThat(page.locator("main li").first()).containsText("1 defect");
            assertThat(page.locator("img, script")).hasCount(0);
          });
    }
  }

  @Test
  void savesReportsWhereTheServerWantsAToken() throws Exception {
    try (Api api = Api.start(config(", token: '${TOKEN}'"), systems::beside);
        Screen screen = Screen.open(CHROMIUM.browser(), api).go()) {
      screen.at("#token").fill("t0ken");
      screen.button("Continue").click();
      search(screen, TestSystems.ODD, 3);

      assertThat(Files.readString(download(screen, "Markdown")))
          .startsWith("# Chaos session of odd");
      assertThat(Files.readString(download(screen, "JSON"))).startsWith("{").contains("heat_map");
      assertThat(download(screen, "HTML").getFileName().toString())
          .matches("belay-chaos-odd-[0-9a-f]{8}\\.html");
    }
  }
}
