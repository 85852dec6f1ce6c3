using System.Text;
using static Sagitta.Reports.Markup.MarkupWriter;

namespace Sagitta.Reports.Displays;

/// <summary>Writes an event as controls and one SVG element.</summary>
internal sealed class StationDisplayWriter(MarkupWriter writer, StationDisplay display, string identifier)
{
    private const double Width = 910;
    private const double ViewTop = 30;
    private const double ViewHeight = 380;
    private const double ResidualHeight = 110;
    private const double LeftMargin = 62;
    private readonly double _largestInfluence = LargestInfluence(display.Hits);
    private readonly double _typicalCharge = TypicalCharge(display.Hits);

    public void Write()
    {
        WriteControls();
        bool residuals = display.Residuals.Count > 0;
        double height = ViewTop + ViewHeight + 44 + (residuals ? ResidualHeight + 16 : 0);
        writer.Start("svg", "figure").Attribute("viewBox", $"0 0 {Number(Width)} {Number(height)}").Attribute("width", Width).Attribute(
            "height", height)
            .Attribute("role", "img").Attribute("tabindex", "0").Attribute("aria-label", "Event display").Line();
        int stations = Math.Max(1, display.Planes.Select(p => p.Station + 1).DefaultIfEmpty(0).Max());
        double cell = Width / stations;
        for (int station = 0; station < stations; station++)
        {
            WriteStation(station, (station * cell) + LeftMargin, cell - LeftMargin - 12, residuals);
        }

        writer.End().Line();
    }

    private void WriteControls()
    {
        writer.Start("div", "controls").Start("span", "choices").Text("Hits by ");
        foreach (HitQuantity quantity in Enum.GetValues<HitQuantity>())
        {
            string name = Name(quantity);
            if (!IsKnown(quantity) && quantity != display.ColouredBy)
            {
                continue;
            }

            writer.Start("label").Start("input").Attribute("type", "radio").Attribute("name", identifier + "-by").Attribute("value", name);
            if (quantity == display.ColouredBy)
            {
                writer.Attribute("checked", "checked");
            }

            writer.End().Text(" " + name).End();
        }

        writer.End();
        ControlsWriter.WriteZoom(writer);
        writer.End().Line().Start("div", "keys");
        ControlsWriter.WriteRamp(writer, "score", "0", "1");
        ControlsWriter.WriteRamp(writer, "truth", "background", "particle");
        ControlsWriter.WriteRamp(writer, "weight", "0", "1");
        ControlsWriter.WriteRamp(
            writer, "influence", (-_largestInfluence).ToString("G2", CultureInfo.InvariantCulture).Replace(
                '-', '−'), "+" + _largestInfluence.ToString("G2", CultureInfo.InvariantCulture) + " σ");
        foreach (DisplayTrack track in display.Tracks)
        {
            ControlsWriter.WriteLineKey(writer, track.Name, Palette.SeriesClass(track.Series) + MarkWriter.Dashes(track.Style));
        }

        if (display.Residuals.Count > 0)
        {
            ControlsWriter.WriteLineKey(writer, "cluster", "cluster");
        }

        writer.End().Line();
    }

    private void WriteStation(int station, double left, double width, bool residuals)
    {
        IReadOnlyList<DisplayPlane> planes = display.Planes;
        double zLow = double.PositiveInfinity;
        double zHigh = double.NegativeInfinity;
        Extent extent = Extent.Empty;
        foreach (DisplayPlane plane in planes)
        {
            if (plane.Station == station)
            {
                (zLow, zHigh) = (Math.Min(zLow, plane.Z), Math.Max(zHigh, plane.Z));
            }
        }

        foreach (StationHit hit in display.Hits)
        {
            extent = planes[hit.Plane].Station == station ? extent.WithY(hit.Y, false) : extent;
        }

        double? focus = null;
        foreach (DisplayTrack track in display.Tracks)
        {
            for (int i = 0; i < track.Z.Count; i++)
            {
                if (track.Z[i] >= zLow && track.Z[i] <= zHigh && double.IsFinite(track.Y[i]))
                {
                    extent = extent.WithY(track.Y[i], false);
                    focus = track.Z[i] <= (zLow + zHigh) / 2 || focus is null ? track.Y[i] : focus;
                }
            }
        }

        double room = Math.Max(1, 0.06 * (zHigh - zLow));
        (double yLow, double yHigh) = extent.YLow <= extent.YHigh ? (extent.YLow, extent.YHigh) : (-1, 1);
        double yRoom = Math.Max(2, 0.04 * (yHigh - yLow));
        ZoomView view = new($"{identifier}-{station}", left, ViewTop, width, ViewHeight, new Axis("z", "mm"),
            new Axis(station == 0 ? "y" : "", "mm"))
        {
            XLow = zLow - room,
            XHigh = zHigh + room,
            YLow = yLow - yRoom,
            YHigh = yHigh + yRoom,
            Zooms = "y",
            Focus = focus,
            Title = string.Create(CultureInfo.InvariantCulture, $"Station {station + 1}"),
            ShowX = !residuals,
        };
        if (station > 0)
        {
            view = view with { Y = new Axis("") };
        }

        view.Write(writer, () => WriteContent(view, station));
        if (residuals)
        {
            WriteResiduals(view, station);
        }
    }

    private void WriteContent(ZoomView view, int station)
    {
        IReadOnlyList<DisplayPlane> planes = display.Planes;
        foreach (DisplayPlane plane in planes)
        {
            if (plane.Station == station)
            {
                writer.Start("path", "plane").Attribute(
                    "d", $"M{view.Place(plane.Z, view.YLow - 1000)}L{view.Place(plane.Z, view.YHigh + 1000)}").End();
            }
        }

        writer.Line();
        // Background first, so that hits of the particle are never hidden below it.
        foreach (bool truth in (ReadOnlySpan<bool>)[false, true])
        {
            foreach (StationHit hit in display.Hits)
            {
                if (hit.Truth == truth && planes[hit.Plane].Station == station)
                {
                    WriteHit(view, hit, planes[hit.Plane].Z);
                }
            }
        }

        foreach (DisplayTrack track in display.Tracks)
        {
            StringBuilder path = new();
            for (int i = 0; i < track.Z.Count; i++)
            {
                // One point beyond either end of the view, so that the line crosses it whole.
                bool near = track.Z[Math.Min(i + 1, track.Z.Count - 1)] >= view.XLow && track.Z[Math.Max(i - 1, 0)] <= view.XHigh;
                if (near && double.IsFinite(track.Y[i]))
                {
                    path.Append(path.Length == 0 ? 'M' : 'L').Append(view.Place(track.Z[i], track.Y[i]));
                }
            }

            if (path.Length > 0)
            {
                writer.Start("path", "track " + Palette.SeriesClass(track.Series) + MarkWriter.Dashes(track.Style)).Attribute(
                    "d", path.ToString())
                    .Start("title").Text(track.Name).End().End().Line();
            }
        }

        foreach (PlaneResidual residual in display.Residuals)
        {
            DisplayPlane plane = planes[residual.Plane];
            if (plane.Station == station && double.IsFinite(residual.Centroid))
            {
                double half = 0.25 * (view.XHigh - view.XLow) / Math.Max(1, planes.Count);
                writer.Start("path", "cluster").Attribute("d",
                    $"M{view.Place(plane.Z - half, residual.Centroid)}L{view.Place(plane.Z + half, residual.Centroid)}")
                    .Start("title").Text(Describe(residual)).End().End().Line();
            }
        }
    }

    private void WriteHit(ZoomView view, StationHit hit, double z)
    {
        double size = Math.Clamp(3 + (2.2 * Math.Sqrt(Math.Max(0, hit.Charge) / _typicalCharge)), 3, 9);
        double influence = double.IsFinite(hit.Influence) && _largestInfluence > 0 ? hit.Influence / _largestInfluence : 0;
        writer.Start("path", influence < 0 ? "hit negative" : "hit").Attribute("d", $"M{view.Place(z, hit.Y)}h0").Attribute(
            "style",
            string.Create(
                CultureInfo.InvariantCulture,
                $"--w:{size:0.#}px;--score:{Percent(hit.Score)}%;--truth:{(hit.Truth ? 100 : 0)}%;--weight:{Percent(hit.Weight)}%;"
                    + $"--influence:{Percent(Math.Abs(influence))}%"))
            .Start("title").Text(string.Create(
                CultureInfo.InvariantCulture,
                $"plane {hit.Plane}, y {hit.Y:0.00} mm\n{(hit.Truth ? "particle" : "background")}, charge "
                    + $"{hit.Charge:0.#}{Optional("\nscore ", hit.Score)}"
                    + $"{Optional(", weight ", hit.Weight)}{Optional("\ninfluence ", hit.Influence)}"))
            .End().End().Line();
    }

    private void WriteResiduals(ZoomView above, int station)
    {
        double reach = 0.1;
        foreach (PlaneResidual residual in display.Residuals)
        {
            double size = Math.Abs(residual.Residual) + residual.Sigma;
            reach = double.IsFinite(size) ? Math.Max(reach, size) : reach;
        }

        ZoomView view = new(above.Identifier + "-residuals", above.Left, above.Top + ViewHeight + 16, above.Width, ResidualHeight, above.X,
            new Axis(station == 0 ? "residual [mm]" : ""))
        {
            XLow = above.XLow,
            XHigh = above.XHigh,
            YLow = -1.15 * reach,
            YHigh = 1.15 * reach,
        };
        view.Write(writer, () =>
        {
            writer.Start("path", "rule sn").Attribute("d", $"M{view.Place(view.XLow, 0)}L{view.Place(view.XHigh, 0)}").End().Line();
            foreach (PlaneResidual residual in display.Residuals)
            {
                DisplayPlane plane = display.Planes[residual.Plane];
                if (plane.Station == station && double.IsFinite(residual.Residual + residual.Sigma))
                {
                    writer.Start("path", "bar s0").Attribute(
                        "d",
                        $"M{view.Place(plane.Z, residual.Residual - residual.Sigma)}"
                        + $"L{view.Place(plane.Z, residual.Residual + residual.Sigma)}").End();
                    writer.Start("circle", "marker s0").Attribute("cx", view.MapX(plane.Z)).Attribute("cy", view.MapY(residual.Residual))
                        .Attribute("r", 3.2)
                        .Start("title").Text(Describe(residual)).End().End().Line();
                }
            }
        });
    }

    private bool IsKnown(HitQuantity quantity)
    {
        foreach (StationHit hit in display.Hits)
        {
            double value = quantity switch
            {
                HitQuantity.Score => hit.Score,
                HitQuantity.Weight => hit.Weight,
                HitQuantity.Influence => hit.Influence,
                _ => 0,
            };
            if (double.IsFinite(value))
            {
                return true;
            }
        }

        return false;
    }

    private static string Describe(PlaneResidual residual) => string.Create(
        CultureInfo.InvariantCulture,
        $"plane {residual.Plane}, cluster at {residual.Centroid:0.000} mm\nresidual {residual.Residual:0.000} ± {residual.Sigma:0.000} mm")
            .Replace('-', '−');

    /// <summary>The quantity as the style sheet and the reader know it.</summary>
    internal static string Name(HitQuantity quantity) => quantity switch
    {
        HitQuantity.Truth => "truth",
        HitQuantity.Weight => "weight",
        HitQuantity.Influence => "influence",
        _ => "score",
    };

    private static string Optional(string label, double value) =>
        double.IsFinite(value) ? label + value.ToString("0.###", CultureInfo.InvariantCulture).Replace('-', '−') : "";

    private static int Percent(double fraction) => double.IsFinite(fraction) ? (int)Math.Round(100 * Math.Clamp(fraction, 0, 1)) : 0;

    private static double LargestInfluence(IReadOnlyList<StationHit> hits)
    {
        double largest = 0;
        foreach (StationHit hit in hits)
        {
            largest = double.IsFinite(hit.Influence) ? Math.Max(largest, Math.Abs(hit.Influence)) : largest;
        }

        return largest;
    }

    private static double TypicalCharge(IReadOnlyList<StationHit> hits)
    {
        double sum = 0;
        foreach (StationHit hit in hits)
        {
            sum += Math.Max(0, hit.Charge);
        }

        return sum > 0 ? sum / hits.Count : 1;
    }
}
