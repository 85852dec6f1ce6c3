using System.Xml.Linq;

namespace Sagitta.Tests.Reports.Displays;

public sealed class DisplayTests
{
    private static readonly Detector s_detector = DetectorFile.Parse(
        """
        name: tiny
        field: 1
        medium: air
        materials:
          air: { density: 0.0012, radiationLength: 303921, protonsPerNucleon: 0.499, meanExcitationEnergy: 85.7 }
          gas: { density: 0.0017, radiationLength: 121150, protonsPerNucleon: 0.454, meanExcitationEnergy: 176, ionPairEnergy: 26.7,
            transverseDiffusion: 0.25, driftVelocity: 0.047 }
        plane: { stripPitch: 0.4, gap: 5, gas: gas }
        planes:
          - { z: 1000, station: 0 }
          - { z: 1040, station: 0 }
          - { z: 3000, station: 1 }
        """,
        "tiny.yaml");

    private static XElement Draw(Block display)
    {
        string html = ReportWriter.Write(new Report("T", [display]));
        Assert.DoesNotContain("NaN%", html, StringComparison.Ordinal);
        Assert.DoesNotContain("://", html, StringComparison.Ordinal);
        return XElement.Parse(html[(html.IndexOf('\n', StringComparison.Ordinal) + 1)..]).Descendants("figure").Single();
    }

    private static XElement[] OfClass(XElement root, string name) =>
        [.. root.Descendants().Where(e => e.Attribute("class")?.Value.Split(' ').Contains(name) == true)];

    [Fact]
    public void Muon_display_has_a_view_a_station_and_every_hit_once()
    {
        XElement figure = Draw(new StationDisplay(MuonEventPicture.Planes(s_detector),
            [
                new StationHit(0, 10, 20, Truth: true) { Score = 0.9, Weight = 0.5, Influence = -2 },
                new StationHit(1, 11, 5, Truth: false),
                new StationHit(2, 60, double.NaN, Truth: false) { Score = double.NaN, Influence = 1 },
            ],
            "c")
        {
            Tracks = [new DisplayTrack("fit", [0, 1020, 3000, 9000], [0, 10, 55, double.NaN])],
            Residuals = [new PlaneResidual(0, 10.1, 0.1, 0.2), new PlaneResidual(2, double.NaN, double.NaN, 0.1)],
            ColouredBy = HitQuantity.Influence,
        });
        Assert.Equal("influence", figure.Attribute("data-by")!.Value);
        Assert.Equal(4, OfClass(figure, "view").Length);
        XElement[] hits = OfClass(figure, "hit");
        Assert.Equal(3, hits.Length);
        XElement muon = Assert.Single(hits, h => h.Attribute("style")!.Value.Contains("--truth:100%", StringComparison.Ordinal));
        Assert.Contains("negative", muon.Attribute("class")!.Value, StringComparison.Ordinal);
        Assert.Contains("--score:90%;--truth:100%;--weight:50%;--influence:100%", muon.Attribute("style")!.Value, StringComparison.Ordinal);
        Assert.Contains("influence −2", muon.Element("title")!.Value, StringComparison.Ordinal);
        Assert.Single(OfClass(figure, "bar"));
        Assert.Equal(4, figure.Descendants("input").Count());
    }

    [Fact]
    public void Quantities_that_no_hit_has_are_not_offered()
    {
        XElement figure = Draw(new StationDisplay(MuonEventPicture.Planes(s_detector), [new StationHit(0, 1, 1, Truth: true)],
            "c")
        { ColouredBy = HitQuantity.Truth });
        Assert.Equal("truth", Assert.Single(figure.Descendants("input")).Attribute("value")!.Value);
    }

    [Fact]
    public void Empty_events_and_frames_draw_empty_views()
    {
        Assert.Equal(2, OfClass(Draw(new StationDisplay(MuonEventPicture.Planes(s_detector), [], "c")), "view").Length);
        Assert.Equal(2, OfClass(Draw(new LayerDisplay([], [], [], "c")), "view").Length);
    }

    [Fact]
    public void Frame_marks_wrong_and_missed_segments_in_both_projections()
    {
        // Two primaries of three hits; the assignment swaps their last hits.
        LayerHit[] hits =
        [
            new(0, 0, 0, 0, 10, 0), new(1, 0, 0, 5, 10, 0), new(2, 0, 0, 10, 10, 0),
            new(0, 9, 3, 0, 10, 1), new(1, 9, 3, 5, 10, 1), new(2, 9, 3, 10, 10, 1),
        ];
        XElement figure = Draw(new LayerDisplay(hits, [[0, 1, 2], [3, 4, 5]], [[0, 1, 5], [2, 4, 3]], "c"));
        string controls = OfClass(figure, "controls").Single().Value;
        Assert.Contains("right (2)", controls, StringComparison.Ordinal);
        Assert.Contains("wrong (2)", controls, StringComparison.Ordinal);
        Assert.Contains("missed (2)", controls, StringComparison.Ordinal);
        XElement[] Segments(string kind) => [.. OfClass(figure, "segment")
            .Where(s => s.Attribute("class")!.Value.Split(' ').Contains(kind))];
        Assert.Equal(4, Segments("found").Length);
        Assert.Equal(4, Segments("wrong").Length);
        Assert.Equal(4, Segments("missed").Length);
        Assert.Equal(12, OfClass(figure, "deposit").Length);
        Assert.All(Segments("wrong"), s => Assert.Equal(1, s.Attribute("d")!.Value.Count(c => c == 'L')));
    }

    [Fact]
    public void Coordinates_of_a_view_run_upwards_and_to_the_right()
    {
        ZoomView view = new("v", 10, 20, 100, 50, new("x"), new("y")) { XLow = 0, XHigh = 10, YLow = -1, YHigh = 1 };
        Assert.Equal((10, 70), (view.MapX(0), view.MapY(-1)));
        Assert.Equal((110, 20), (view.MapX(10), view.MapY(1)));
    }
}
