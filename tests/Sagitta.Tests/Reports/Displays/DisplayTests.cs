using System.Xml.Linq;

namespace Sagitta.Tests.Reports.Displays;

public sealed class DisplayTests
{
    private static readonly DisplayPlane[] s_planes = [new(1000), new(1040), new(3000, 1)];

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
    public void Display_has_a_view_a_panel_and_every_hit_once()
    {
        XElement figure = Draw(new EventDisplay(s_planes,
            [
                new(1000, 10) { Amount = 20, Values = [0.9, 1, -2] },
                new(1040, 11) { Amount = 5, Values = [double.NaN, 0, double.NaN] },
                new(3000, 60) { Panel = 1, Values = [double.NaN, 0, 1] },
            ],
            "c")
        {
            Panels = [new("First"), new("Second")],
            Quantities = [new("score"), new("truth", "background", "particle"), new("influence", "", "σ") { Signed = true }],
            Tracks = [new DisplayTrack("fit", [0, 1020, 3000, 9000], [0, 10, 55, double.NaN])],
            Residuals = [new PlaneResidual(0, 10.1, 0.1, 0.2), new PlaneResidual(2, double.NaN, double.NaN, 0.1)],
        });
        Assert.Equal("0", figure.Attribute("data-by")!.Value);
        Assert.Equal(4, OfClass(figure, "view").Length);
        XElement[] hits = OfClass(figure, "hit");
        Assert.Equal(3, hits.Length);
        XElement particle = Assert.Single(hits, h => h.Attribute("style")!.Value.Contains("--q1:100%", StringComparison.Ordinal));
        Assert.Contains("--q0:90%;--q1:100%;--q2:100%;--t2:var(--hit-negative)", particle.Attribute("style")!.Value,
            StringComparison.Ordinal);
        Assert.Contains("influence −2", particle.Element("title")!.Value, StringComparison.Ordinal);
        Assert.Single(OfClass(figure, "bar"));
        Assert.Equal(3, figure.Descendants("input").Count());
    }

    [Fact]
    public void Quantities_that_no_hit_has_are_not_offered()
    {
        XElement figure = Draw(new EventDisplay(s_planes, [new(1000, 1) { Values = [double.NaN, 1] }], "c")
        {
            Quantities = [new("score"), new("truth")],
        });
        Assert.Equal("1", Assert.Single(figure.Descendants("input")).Attribute("value")!.Value);
        Assert.Equal("1", figure.Attribute("data-by")!.Value);
    }

    [Fact]
    public void A_straight_line_telescope_is_drawn_by_planes_hits_and_a_line_alone()
    {
        DisplayPlane[] planes = [new(0), new(100), new(200)];
        DisplayHit[] hits = [new(0, 0.1), new(100, 0.9), new(200, 2.1), new(100, -5)];
        EventDisplay display = new(planes, hits, "A telescope") { Tracks = [new("fit", [0, 200], [0, 2])] };
        XElement figure = Draw(display);
        Assert.Equal(4, OfClass(figure, "hit").Length);
        Assert.Equal(3, OfClass(figure, "plane").Length);
        Assert.Single(OfClass(figure, "view"));
        Assert.Contains("fit", OfClass(figure, "keys").Single().Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Empty_events_draw_empty_views()
    {
        Assert.Equal(2, OfClass(Draw(new EventDisplay(s_planes, [], "c")), "view").Length);
        Assert.Equal(2, OfClass(Draw(SegmentDisplay.Of([], [], [], "c")), "view").Length);
    }

    [Fact]
    public void Frame_marks_wrong_and_missed_segments_in_both_projections()
    {
        // Two true tracks of three hits; the found ones swap their last hits.
        SpaceHit[] hits =
        [
            new(0, 0, 0, 10, "a"), new(0, 0, 5, 10, "a"), new(0, 0, 10, 10, "a"),
            new(9, 3, 0, 10, "b"), new(9, 3, 5, 10, "b"), new(9, 3, 10, 10, "b"),
        ];
        XElement figure = Draw(SegmentDisplay.Of(hits, [[0, 1, 2], [3, 4, 5]], [[0, 1, 5], [2, 4, 3]], "c"));
        string controls = OfClass(figure, "controls").Single().Value;
        Assert.Contains("right (2)", controls, StringComparison.Ordinal);
        Assert.Contains("wrong (2)", controls, StringComparison.Ordinal);
        Assert.Contains("missed (2)", controls, StringComparison.Ordinal);
        XElement[] Segments(string kind) => [.. OfClass(figure, "segment")
            .Where(s => s.Attribute("class")!.Value.Split(' ').Contains(kind))];
        Assert.Equal(4, Segments("found").Length);
        Assert.Equal(4, Segments("wrong").Length);
        Assert.Equal(4, Segments("missed").Length);
        Assert.Equal(12, OfClass(figure, "hit").Length);
        Assert.All(Segments("wrong"), s => Assert.Equal(1, s.Attribute("d")!.Value.Count(c => c == 'L')));

        // Without truth nothing is right or wrong.
        XElement unjudged = Draw(SegmentDisplay.Of(hits, [], [[0, 1, 5], [2, 4, 3]], "c"));
        Assert.Contains("found (4)", OfClass(unjudged, "controls").Single().Value, StringComparison.Ordinal);
        Assert.Empty(OfClass(unjudged, "wrong"));
    }

    [Fact]
    public void Coordinates_of_a_view_run_upwards_and_to_the_right()
    {
        ZoomView view = new("v", 10, 20, 100, 50, new("x"), new("y")) { XLow = 0, XHigh = 10, YLow = -1, YHigh = 1 };
        Assert.Equal((10, 70), (view.MapX(0), view.MapY(-1)));
        Assert.Equal((110, 20), (view.MapX(10), view.MapY(1)));
    }
}
