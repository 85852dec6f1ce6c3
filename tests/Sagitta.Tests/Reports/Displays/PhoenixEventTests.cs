using System.Text.Json.Nodes;

namespace Sagitta.Tests.Reports.Displays;

public sealed class PhoenixEventTests
{
    [Fact]
    public void Hits_and_tracks_of_one_view_are_points_and_lines_in_three_dimensions()
    {
        EventDisplay display = new([new(100), new(200)], [new(100, 1.5) { Amount = 30, Values = [0.25] }, new(200, -2) { Panel = 1 }], "")
        {
            Quantities = [new("score")],
            Tracks = [new("fit", [0, 100, 200], [0, double.NaN, 2]) { Series = 0 }],
        };
        JsonNode shown = JsonNode.Parse(PhoenixEvent.Write("Event 17", 17, display))!["Event 17"]!;
        Assert.Equal(17, (int)shown["event number"]!);
        Assert.Equal("""{"type":"Point","pos":[0,1.5,100],"amount":30,"score":0.25}""", shown["Hits"]!["Hits"]![0]!.ToJsonString());
        Assert.Equal(2, shown["Hits"]!["Hits"]!.AsArray().Count);
        Assert.Equal("""{"name":"fit","color":"0x0072b2","pos":[[0,0,0],[0,2,200]]}""", shown["Tracks"]!["fit"]![0]!.ToJsonString());
    }

    [Fact]
    public void Projections_are_collections_of_their_own()
    {
        EventDisplay display = new([], [new(100, 1.5), new(100, 7) { Panel = 1 }], "")
        {
            Panels = [new("Radial"), new("Tangential", "x")],
            Stacked = true,
        };
        JsonNode hits = JsonNode.Parse(PhoenixEvent.Write("Event 1", 1, display))!["Event 1"]!["Hits"]!;
        Assert.Equal("[0,1.5,100]", hits["Radial"]![0]!["pos"]!.ToJsonString());
        Assert.Equal("[7,0,100]", hits["Tangential"]![0]!["pos"]!.ToJsonString());
    }
}
