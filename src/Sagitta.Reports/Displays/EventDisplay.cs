namespace Sagitta.Reports.Displays;

/// <summary>One event as a picture: panels along the beam with planes, hits coloured by a quantity that the reader chooses, tracks, and
/// below them what planes measured against the fit. In a browser panels zoom and move, and hits tell their numbers; printed, it is a
/// figure.</summary>
/// <param name="Planes">Planes of the detector; may be empty.</param>
/// <param name="Hits">All hits, those to be seen on top last.</param>
/// <param name="Caption">With the inline notation of <see cref="Paragraph"/>.</param>
internal sealed record EventDisplay(IReadOnlyList<DisplayPlane> Planes, IReadOnlyList<DisplayHit> Hits, string Caption) : Block
{
    /// <summary>The panels by number; a panel that is not named here has no title.</summary>
    public IReadOnlyList<DisplayPanel> Panels { get; init; } = [];
    /// <summary>Whether panels stand one below the other, as projections do, and not side by side.</summary>
    public bool Stacked { get; init; }
    /// <summary>Trajectories, such as the fitted and the true one.</summary>
    public IReadOnlyList<DisplayTrack> Tracks { get; init; } = [];
    /// <summary>Groups of tracks that the reader can show and hide.</summary>
    public IReadOnlyList<TrackGroup> Groups { get; init; } = [];
    /// <summary>What hits can be coloured by, the first one at first, at most <see cref="MostQuantities"/>; those that no hit has are not
    /// offered.</summary>
    public IReadOnlyList<HitQuantity> Quantities { get; init; } = [];
    /// <summary>Width of a typical hit, in pixels.</summary>
    public double HitWidth { get; init; } = 5.2;
    /// <summary>Measurements that the fit used; empty if there was none.</summary>
    public IReadOnlyList<PlaneResidual> Residuals { get; init; } = [];
    /// <summary>The style sheet knows this many quantities.</summary>
    public const int MostQuantities = 6;
}

/// <summary>A plane of a detector: its position along the beam, mm, and the panel that it is drawn in, from 0.</summary>
internal sealed record DisplayPlane(double Z, int Panel = 0);

/// <summary>A panel of the picture: the title above it, and the name of the coordinate across the beam.</summary>
internal sealed record DisplayPanel(string Title, string Across = "y");

/// <summary>A hit: positions along and across the beam, mm.</summary>
internal sealed record DisplayHit(double Z, double Y)
{
    public int Panel { get; init; }
    /// <summary>Charge or energy, in any unit: larger ones are drawn larger. NaN if unknown.</summary>
    public double Amount { get; init; } = double.NaN;
    /// <summary>One value for each of <see cref="EventDisplay.Quantities"/>; NaN if unknown.</summary>
    public IReadOnlyList<double> Values { get; init; } = [];
    /// <summary>What the reader is told of it, before its quantities; its position by default.</summary>
    public string Title { get; init; } = "";
}

/// <summary>A quantity of hits, shown as a colour, and what the ends of the colours mean.</summary>
internal sealed record HitQuantity(string Name, string Low = "0", string High = "1")
{
    /// <summary>Whether values have both signs, and colours run from minus to plus the largest of them; else from 0 to 1.</summary>
    public bool Signed { get; init; }
}

/// <summary>A trajectory as a line through points, close enough to look smooth.</summary>
/// <param name="Name">For the key, such as "fit" or "truth".</param>
/// <param name="Z">Positions along the beam, mm, ascending.</param>
/// <param name="Y">Positions across the beam, mm; a line is broken where one is NaN.</param>
internal sealed record DisplayTrack(string Name, IReadOnlyList<double> Z, IReadOnlyList<double> Y)
{
    public int Series { get; init; } = Palette.Neutral;
    public LineStyle Style { get; init; }
    /// <summary>The one panel that it is drawn in; null for all.</summary>
    public int? Panel { get; init; }
    /// <summary>Name of the group that it belongs to; a track of a group is not named in the key.</summary>
    public string Group { get; init; } = "";
    /// <summary>Tracks of the same number are lit together; negative for none.</summary>
    public int Number { get; init; } = -1;
}

/// <summary>Tracks that the reader can show and hide, what the reader is told of them, and their colour.</summary>
internal sealed record TrackGroup(string Name, string Label, int Series)
{
    public LineStyle Style { get; init; }
    /// <summary>Whether it is shown at first.</summary>
    public bool Shown { get; init; } = true;
}

/// <summary>What a plane measured, the same minus the fitted track, and the error that the fit used, all mm.</summary>
internal sealed record PlaneResidual(int Plane, double Measured, double Residual, double Sigma);
