using System.Text;
using static Sagitta.Reports.Markup.MarkupWriter;

namespace Sagitta.Reports.Displays;

/// <summary>Writes an event as controls and one SVG element.</summary>
internal sealed class EventDisplayWriter
{
    private const double Width = 910;
    private const double Top = 30;
    private const double LeftMargin = 62;
    private const double ResidualHeight = 110;
    private readonly MarkupWriter _writer;
    private readonly EventDisplay _display;
    private readonly string _identifier;
    private readonly int _panels;
    private readonly double _viewHeight;
    private readonly double _typicalAmount;
    private readonly double[] _largest;

    public EventDisplayWriter(MarkupWriter writer, EventDisplay display, string identifier)
    {
        if (display.Quantities.Count > EventDisplay.MostQuantities)
        {
            throw new ArgumentException($"A display shows {EventDisplay.MostQuantities} quantities at most.", nameof(display));
        }

        _writer = writer;
        _display = display;
        _identifier = identifier;
        _panels = Math.Max(Math.Max(1, display.Panels.Count), Math.Max(
            display.Planes.Select(p => p.Panel + 1).DefaultIfEmpty(1).Max(), display.Hits.Select(h => h.Panel + 1).DefaultIfEmpty(1)
                .Max()));
        _viewHeight = display.Stacked ? 330 : 380;
        double total = display.Hits.Sum(h => double.IsFinite(h.Amount) ? Math.Max(0, h.Amount) : 0);
        _typicalAmount = total > 0 ? total / display.Hits.Count : 1;
        _largest = [.. display.Quantities.Select((_, q) => display.Hits.Select(h => Math.Abs(Value(h, q))).Where(double.IsFinite)
            .DefaultIfEmpty(0).Max())];
    }

    /// <summary>Index of the quantity that hits are coloured by at first; -1 if there is none.</summary>
    public static int ColouredBy(EventDisplay display) =>
        Enumerable.Range(0, display.Quantities.Count).Where(q => IsKnown(display, q)).DefaultIfEmpty(-1).First();

    public void Write()
    {
        WriteControls();
        bool residuals = _display.Residuals.Count > 0;
        int rows = _display.Stacked ? _panels : 1;
        double row = _viewHeight + (residuals ? ResidualHeight + 16 : 0) + 24;
        double height = Top + (rows * row) + 20;
        _writer.Start("svg", "figure").Attribute("viewBox", $"0 0 {Number(Width)} {Number(height)}").Attribute("width", Width)
            .Attribute("height", height).Attribute("role", "img").Attribute("tabindex", "0").Attribute("aria-label", "Event display")
                .Line();
        double cell = Width / (_panels / rows);
        for (int panel = 0; panel < _panels; panel++)
        {
            double left = LeftMargin + (_display.Stacked ? 0 : panel * cell);
            WritePanel(panel, left, Top + (_display.Stacked ? panel * row : 0), cell - LeftMargin - 12);
        }

        _writer.End().Line();
    }

    private void WriteControls()
    {
        int colouredBy = ColouredBy(_display);
        _writer.Start("div", "controls").Start("span", "choices").Text(colouredBy >= 0 ? "Hits by " : "");
        for (int q = 0; q < _largest.Length; q++)
        {
            if (IsKnown(_display, q))
            {
                WriteInput("radio", Text(q), q == colouredBy).Attribute("name", _identifier + "-by").End()
                    .Text(" " + _display.Quantities[q].Name).End();
            }
        }

        foreach (TrackGroup group in _display.Groups)
        {
            WriteInput("checkbox", group.Name, group.Shown).End().Text(" ");
            WriteLineKey(group.Label, ClassOf(group.Series, group.Style));
            _writer.End();
        }

        _writer.End().Start("span", "zoom");
        foreach ((string action, string text, string title) in new[]
            { ("in", "+", "Zoom in"), ("out", "−", "Zoom out"), ("reset", "Reset", "Show everything") })
        {
            _writer.Start("button").Attribute("type", "button").Attribute("data-zoom", action).Attribute("title", title).Text(text).End();
        }

        _writer.Start("span", "hint").Text("click, then wheel to zoom; drag to move").End().End().End().Line().Start("div", "keys");
        for (int q = 0; q < _largest.Length; q++)
        {
            HitQuantity quantity = _display.Quantities[q];
            string largest = _largest[q].ToString("G2", CultureInfo.InvariantCulture);
            (string low, string high) = quantity.Signed ? ("−" + largest, "+" + largest + " " + quantity.High)
                : (quantity.Low, quantity.High);
            _writer.Start("span", quantity.Signed ? "ramp signed" : "ramp").Attribute("data-quantity", Text(q))
                .Text(low + " ").Start("i").End().Text(" " + high).End();
        }

        // A trajectory that is drawn in several panels is named once.
        foreach (DisplayTrack track in _display.Tracks.Where(t => t.Group.Length == 0).DistinctBy(t => t.Name, StringComparer.Ordinal))
        {
            WriteLineKey(track.Name, ClassOf(track.Series, track.Style));
        }

        if (_display.Residuals.Count > 0)
        {
            WriteLineKey("measured", "cluster");
        }

        _writer.End().Line();
    }

    private MarkupWriter WriteInput(string type, string value, bool chosen)
    {
        _writer.Start("label").Start("input").Attribute("type", type).Attribute("value", value);
        return chosen ? _writer.Attribute("checked", "checked") : _writer;
    }

    private void WriteLineKey(string name, string className) =>
        _writer.Start("span", "line-key").Start("svg", "figure").Attribute("viewBox", "0 0 24 10").Attribute("width", 24)
            .Attribute("height", 10).Attribute("aria-hidden", "true").Start("path", className).Attribute("d", "M1 5h22").End().End()
            .Text(" " + name).End();

    private void WritePanel(int number, double left, double top, double width)
    {
        DisplayPlane[] planes = [.. _display.Planes.Where(p => p.Panel == number)];
        DisplayHit[] hits = [.. _display.Hits.Where(h => h.Panel == number)];
        IEnumerable<double> along = planes.Length > 0 ? planes.Select(p => p.Z) : hits.Select(h => h.Z);
        (double zLow, double zHigh) = along.Any() ? (along.Min(), along.Max()) : (0, 1);
        Extent extent = hits.Aggregate(Extent.Empty, (box, hit) => box.WithY(hit.Y, false));
        double? focus = null;
        foreach (DisplayTrack track in TracksIn(number))
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

        double room = Math.Max(1, (planes.Length > 0 ? 0.06 : 0.02) * (zHigh - zLow));
        (double yLow, double yHigh) = extent.YLow <= extent.YHigh ? (extent.YLow, extent.YHigh) : (-1, 1);
        double yRoom = Math.Max(_display.Stacked ? 1 : 2, 0.04 * (yHigh - yLow));
        DisplayPanel panel = number < _display.Panels.Count ? _display.Panels[number] : new("");
        bool residuals = _display.Residuals.Count > 0;
        bool last = !_display.Stacked || number == _panels - 1;
        ZoomView view = new($"{_identifier}-{Text(number)}", left, top, width, _viewHeight, new Axis("z", "mm"),
            _display.Stacked || number == 0 ? new Axis(panel.Across, "mm") : new Axis(""))
        {
            XLow = zLow - room,
            XHigh = zHigh + room,
            YLow = yLow - yRoom,
            YHigh = yHigh + yRoom,
            Zooms = _display.Stacked || _panels == 1 ? "xy" : "y",
            Focus = focus is null || _display.Stacked ? null : focus,
            Title = panel.Title,
            ShowX = last && !residuals,
        };
        view.Write(_writer, () => WriteContent(view, number, planes, hits));
        if (residuals)
        {
            WriteResiduals(view, number);
        }
    }

    private void WriteContent(ZoomView view, int panel, DisplayPlane[] planes, DisplayHit[] hits)
    {
        foreach (DisplayPlane plane in planes)
        {
            _writer.Start("path", "plane").Attribute(
                "d", $"M{view.Place(plane.Z, view.YLow - 1000)}L{view.Place(plane.Z, view.YHigh + 1000)}").End();
        }

        _writer.Line();
        DisplayTrack[] tracks = [.. TracksIn(panel)];
        // Lines through hits lie below them, trajectories above.
        WriteTracks(view, tracks.Where(t => t.Group.Length > 0));
        foreach (DisplayHit hit in hits)
        {
            WriteHit(view, hit);
        }

        WriteTracks(view, tracks.Where(t => t.Group.Length == 0));
        foreach (PlaneResidual residual in ResidualsIn(panel).Where(r => double.IsFinite(r.Measured)))
        {
            double z = _display.Planes[residual.Plane].Z;
            double half = 0.25 * (view.XHigh - view.XLow) / Math.Max(1, _display.Planes.Count);
            _writer.Start("path", "cluster").Attribute(
                "d", $"M{view.Place(z - half, residual.Measured)}L{view.Place(z + half, residual.Measured)}")
                .Start("title").Text(Describe(residual)).End().End().Line();
        }
    }

    private void WriteTracks(ZoomView view, IEnumerable<DisplayTrack> tracks)
    {
        foreach (DisplayTrack track in tracks)
        {
            StringBuilder path = new();
            bool drawn = false;
            for (int i = 0; i < track.Z.Count; i++)
            {
                // One point beyond either end of the view, so that the line crosses it whole.
                bool near = track.Z[Math.Min(i + 1, track.Z.Count - 1)] >= view.XLow && track.Z[Math.Max(i - 1, 0)] <= view.XHigh;
                bool draws = near && double.IsFinite(track.Y[i]);
                if (draws)
                {
                    path.Append(drawn ? 'L' : 'M').Append(view.Place(track.Z[i], track.Y[i]));
                }

                drawn = draws;
            }

            if (path.Length > 0)
            {
                string className = track.Group.Length > 0 ? "segment " + track.Group + " " + Line(track.Series, track.Style)
                    : ClassOf(track.Series, track.Style);
                _writer.Start("path", className).Attribute("d", path.ToString());
                if (track.Number >= 0)
                {
                    _writer.Attribute("data-track", track.Number);
                }

                _writer.Start("title").Text(track.Name).End().End().Line();
            }
        }
    }

    private void WriteHit(ZoomView view, DisplayHit hit)
    {
        double share = double.IsFinite(hit.Amount) ? Math.Sqrt(Math.Max(0, hit.Amount) / _typicalAmount) : 0;
        double size = _display.HitWidth * Math.Clamp(0.58 + (0.42 * share), 0.58, 1.73);
        StringBuilder style = new(string.Create(CultureInfo.InvariantCulture, $"--w:{size:0.#}px"));
        StringBuilder title = new(hit.Title.Length > 0 ? hit.Title
            : string.Create(CultureInfo.InvariantCulture, $"z {hit.Z:0.0}, y {hit.Y:0.00} mm"));
        for (int q = 0; q < _largest.Length; q++)
        {
            double value = Value(hit, q);
            HitQuantity quantity = _display.Quantities[q];
            double colour = quantity.Signed && _largest[q] > 0 ? value / _largest[q] : value;
            style.Append(CultureInfo.InvariantCulture, $";--q{q}:{Percent(Math.Abs(colour))}%");
            style.Append(quantity.Signed && colour < 0 ? $";--t{Text(q)}:var(--hit-negative)" : "");
            title.Append(
                double.IsFinite(value) ? $"\n{quantity.Name} {Signed(value.ToString("0.###", CultureInfo.InvariantCulture))}" : "");
        }

        _writer.Start("path", _largest.Length > 0 ? "hit" : "hit plain").Attribute("d", $"M{view.Place(hit.Z, hit.Y)}h0")
            .Attribute("style", style.ToString()).Start("title").Text(title.ToString()).End().End().Line();
    }

    private void WriteResiduals(ZoomView above, int panel)
    {
        double reach = _display.Residuals.Select(r => Math.Abs(r.Residual) + r.Sigma).Where(double.IsFinite).Append(0.1).Max();
        ZoomView view = new(above.Identifier + "-residuals", above.Left, above.Top + _viewHeight + 16, above.Width, ResidualHeight, above.X,
            new Axis(panel == 0 || _display.Stacked ? "residual [mm]" : ""))
        {
            XLow = above.XLow,
            XHigh = above.XHigh,
            YLow = -1.15 * reach,
            YHigh = 1.15 * reach,
        };
        view.Write(_writer, () =>
        {
            _writer.Start("path", "rule sn").Attribute("d", $"M{view.Place(view.XLow, 0)}L{view.Place(view.XHigh, 0)}").End().Line();
            foreach (PlaneResidual residual in ResidualsIn(panel).Where(r => double.IsFinite(r.Residual + r.Sigma)))
            {
                double z = _display.Planes[residual.Plane].Z;
                _writer.Start("path", "bar s0").Attribute("d", $"M{view.Place(z, residual.Residual - residual.Sigma)}"
                    + $"L{view.Place(z, residual.Residual + residual.Sigma)}").End();
                _writer.Start("circle", "marker s0").Attribute("cx", view.MapX(z)).Attribute("cy", view.MapY(residual.Residual))
                    .Attribute("r", 3.2).Start("title").Text(Describe(residual)).End().End().Line();
            }
        });
    }

    private IEnumerable<DisplayTrack> TracksIn(int panel) => _display.Tracks.Where(t => (t.Panel ?? panel) == panel);

    private IEnumerable<PlaneResidual> ResidualsIn(int panel) =>
        _display.Residuals.Where(r => _display.Planes[r.Plane].Panel == panel);

    private static bool IsKnown(EventDisplay display, int quantity) => display.Hits.Any(h => double.IsFinite(Value(h, quantity)));

    private static double Value(DisplayHit hit, int quantity) => quantity < hit.Values.Count ? hit.Values[quantity] : double.NaN;

    private static string ClassOf(int series, LineStyle style) => "track " + Line(series, style);

    private static string Line(int series, LineStyle style) => Palette.SeriesClass(series) + MarkWriter.Dashes(style);

    private static string Describe(PlaneResidual residual) => Signed(string.Create(CultureInfo.InvariantCulture,
        $"plane {residual.Plane}, measured {residual.Measured:0.000} mm\nresidual {residual.Residual:0.000} ± {residual.Sigma:0.000} mm"));

    private static string Signed(string text) => text.Replace('-', '−');

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static int Percent(double fraction) => double.IsFinite(fraction) ? (int)Math.Round(100 * Math.Clamp(fraction, 0, 1)) : 0;
}
