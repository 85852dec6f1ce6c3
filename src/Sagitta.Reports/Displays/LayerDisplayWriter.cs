using System.Text;
using static Sagitta.Reports.Markup.MarkupWriter;

namespace Sagitta.Reports.Displays;

/// <summary>Writes a readout frame as controls and one SVG element with two projections.</summary>
internal sealed class LayerDisplayWriter(MarkupWriter writer, LayerDisplay display, string identifier)
{
    private const double Width = 910;
    private const double ViewHeight = 330;

    public void Write()
    {
        SegmentComparison segments = SegmentComparison.Of(display);
        writer.Start("div", "controls").Start("span", "choices");
        Choice("found", string.Create(CultureInfo.InvariantCulture, $"right ({segments.Right})"), "s0");
        Choice("wrong", string.Create(CultureInfo.InvariantCulture, $"wrong ({segments.Wrong})"), "s1");
        Choice("missed", string.Create(CultureInfo.InvariantCulture, $"missed ({segments.Missed})"), "s4 dashed");
        Choice("true", "true tracks", "sn");
        writer.End();
        ControlsWriter.WriteZoom(writer);
        writer.End().Line();
        double height = (2 * (ViewHeight + 24)) + 44;
        writer.Start("svg", "figure").Attribute("viewBox", $"0 0 {Number(Width)} {Number(height)}").Attribute("width", Width).Attribute(
            "height", height)
            .Attribute("role", "img").Attribute("tabindex", "0").Attribute("aria-label", "Readout frame in two projections").Line();
        WriteProjection(0, "x", static hit => hit.X, segments);
        WriteProjection(1, "y", static hit => hit.Y, segments);
        writer.End().Line();

        void Choice(string name, string label, string className)
        {
            writer.Start("label").Start("input").Attribute("type", "checkbox").Attribute("value", name);
            if (name != "true")
            {
                writer.Attribute("checked", "checked");
            }

            writer.End().Text(" ");
            ControlsWriter.WriteLineKey(writer, label, className);
            writer.End();
        }
    }

    private void WriteProjection(int row, string name, Func<LayerHit, double> across, SegmentComparison segments)
    {
        Extent extent = Extent.Empty;
        foreach (LayerHit hit in display.Hits)
        {
            extent = extent.WithX(hit.Z, false).WithY(across(hit), false);
        }

        if (!(extent.XLow <= extent.XHigh) || !(extent.YLow <= extent.YHigh))
        {
            extent = new Extent(0, 1, 0, 1);
        }

        double xRoom = Math.Max(1, 0.02 * (extent.XHigh - extent.XLow));
        double yRoom = Math.Max(1, 0.03 * (extent.YHigh - extent.YLow));
        ZoomView view = new($"{identifier}-{name}", 62, 20 + (row * (ViewHeight + 24)), Width - 62 - 12, ViewHeight, new Axis("z", "mm"),
            new Axis(name, "mm"))
        {
            XLow = extent.XLow - xRoom,
            XHigh = extent.XHigh + xRoom,
            YLow = extent.YLow - yRoom,
            YHigh = extent.YHigh + yRoom,
            Zooms = "xy",
            ShowX = row == 1,
        };
        view.Write(writer, () =>
        {
            for (int t = 0; t < display.TrueTracks.Count; t++)
            {
                Path("true sn", Segments(view, across, display.TrueTracks[t], static (_, _) => true), -1, $"primary track {t}");
                Path("missed s4 dashed", Segments(view, across, display.TrueTracks[t], (a, b) => !segments.IsAssigned(a, b)), -1,
                    $"missed segment of primary track {t}");
            }

            for (int t = 0; t < display.AssignedTracks.Count; t++)
            {
                IReadOnlyList<int> track = display.AssignedTracks[t];
                Path("found s0", Segments(view, across, track, (a, b) => !segments.IsWrong(a, b)), t, Describe(t, track));
                Path("wrong s1", Segments(view, across, track, segments.IsWrong), t, Describe(t, track) + ", joins different primaries");
            }

            foreach (LayerHit hit in display.Hits)
            {
                double size = Math.Clamp(2.2 + (0.12 * Math.Sqrt(Math.Max(0, hit.Deposit))), 2.2, 6);
                writer.Start("path", "deposit").Attribute("d", $"M{view.Place(hit.Z, across(hit))}h0").Attribute(
                    "style", $"--w:{Number(size)}px")
                    .Start("title").Text(string.Create(
                        CultureInfo.InvariantCulture,
                            $"layer {hit.Layer}, {hit.Deposit:0.#} keV\nx {hit.X:0.00}, y {hit.Y:0.00} "
                            + $"mm{(hit.Primary < 0 ? "" : $"\nprimary {hit.Primary}")}"))
                    .End().End().Line();
            }
        });
    }

    private string Segments(ZoomView view, Func<LayerHit, double> across, IReadOnlyList<int> track, Func<int, int, bool> wanted)
    {
        StringBuilder path = new();
        int last = -1;
        for (int i = 1; i < track.Count; i++)
        {
            (int a, int b) = (track[i - 1], track[i]);
            if (!wanted(a, b))
            {
                continue;
            }

            if (last != a)
            {
                path.Append('M').Append(view.Place(display.Hits[a].Z, across(display.Hits[a])));
            }

            path.Append('L').Append(view.Place(display.Hits[b].Z, across(display.Hits[b])));
            last = b;
        }

        return path.ToString();
    }

    private static string Describe(int number, IReadOnlyList<int> track) =>
        string.Create(CultureInfo.InvariantCulture, $"assigned track {number}, {track.Count} hits");

    private void Path(string className, string data, int track, string title)
    {
        if (data.Length == 0)
        {
            return;
        }

        writer.Start("path", "segment " + className).Attribute("d", data);
        if (track >= 0)
        {
            writer.Attribute("data-track", track);
        }

        writer.Start("title").Text(title).End().End().Line();
    }
}
