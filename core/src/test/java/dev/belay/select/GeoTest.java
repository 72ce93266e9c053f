package dev.belay.select;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.Call;
import dev.belay.Cases;
import dev.belay.Endpoint;
import dev.belay.VirtualTime;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class GeoTest {
  private final VirtualTime time = new VirtualTime();
  private final Endpoint berlin = Choices.in("DE", "EU-CENTRAL", "berlin", time);
  private final Endpoint bonn = Choices.in("DE", "EU-WEST", "bonn", time);
  private final Endpoint paris = Choices.in("FR", "EU-WEST", "paris", time);
  private final Endpoint nowhere = Choices.in("", "", "nowhere", time);
  private final List<Endpoint> all = List.of(nowhere, paris, berlin, bonn);
  private final Geo selection = new Geo(new RandomChoice(Choices.seeded()));

  private List<String> chosen(Call call) {
    return Choices.count(200, selection, all, call).entrySet().stream()
        .filter(one -> one.getValue() > 0)
        .map(one -> one.getKey())
        .toList();
  }

  @Test
  void staysInTheCountry() {
    assertThat(chosen(Call.DEFAULT.withCountry("DE"))).containsExactly("berlin", "bonn");
  }

  @Test
  void ignoresTheCaseOfLetters() {
    assertThat(chosen(Call.DEFAULT.withCountry("fr"))).containsExactly("paris");
    assertThat(chosen(Call.DEFAULT.withRegion("eu-west"))).containsExactly("bonn", "paris");
  }

  @Test
  void putsTheCountryBeforeTheRegion() {
    Call call = Call.DEFAULT.withCountry("DE");

    assertThat(chosen(call.withRegion("EU-WEST"))).containsExactly("bonn");
    assertThat(chosen(call.withRegion("US-EAST"))).containsExactly("berlin", "bonn");
  }

  @Test
  void staysInTheRegionIfTheCountryHasNone() {
    Call call = Call.DEFAULT.withCountry("ES").withRegion("EU-WEST");

    assertThat(chosen(call)).containsExactly("bonn", "paris");
  }

  @Test
  void takesAnyIfNothingMatchesOrNothingIsAsked() {
    assertThat(chosen(Call.DEFAULT.withCountry("JP"))).hasSize(4);
    assertThat(chosen(Call.DEFAULT)).hasSize(4);
  }

  @Test
  void takesTheLeastUsedOfTheMatchingUnlessToldOtherwise() {
    assertThat(new Geo().select(all, Call.DEFAULT.withCountry("DE"))).isSameAs(berlin);
  }

  private record Places(List<String> countries, String wish) {}

  @Test
  void alwaysMatchesIfAnyDoes() {
    Cases.check(
        300,
        GeoTest::anyPlaces,
        places -> {
          List<Endpoint> candidates = new ArrayList<>();
          for (String country : places.countries()) {
            candidates.add(Choices.in(country, "", "e" + candidates.size(), time));
          }

          Endpoint chosen = selection.select(candidates, Call.DEFAULT.withCountry(places.wish()));

          if (places.countries().contains(places.wish())) {
            assertThat(chosen.traits().country()).isEqualTo(places.wish());
          }
        });
  }

  private static Places anyPlaces(RandomGenerator random) {
    List<String> some = List.of("DE", "FR", "US", "JP", "");
    List<String> countries = new ArrayList<>();
    int count = 1 + random.nextInt(20);
    for (int i = 0; i < count; i++) {
      countries.add(some.get(random.nextInt(5)));
    }
    return new Places(countries, some.get(random.nextInt(4)));
  }
}
