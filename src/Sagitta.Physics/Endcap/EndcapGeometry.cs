namespace Sagitta.Physics.Endcap;

/// <summary>What hits mean: planes in order of z, each with the coordinate that it measures.</summary>
internal sealed record EndcapGeometry
{
    /// <param name="strips">The planes as strips of gas gaps, for digitisation.</param>
    /// <param name="angles">Stereo angle of each plane, rad.</param>
    public EndcapGeometry(Detector strips, IReadOnlyList<double> angles)
    {
        Strips = strips;
        Planes = [.. strips.Planes.Select((plane, i) => new StereoPlane(plane.Z, plane.Station, Math.Cos(angles[i]), Math.Sin(angles[i])))];
        Stations = [.. Enumerable.Range(0, strips.StationCount).Select(s => new EndcapStation(s,
            [.. Enumerable.Range(0, Planes.Count).Where(p => Planes[p].Station == s)], Planes[strips.MiddlePlane(s)].Z))];
    }

    /// <summary>The planes as strips of gas gaps.</summary>
    public Detector Strips { get; }

    /// <summary>The planes.</summary>
    public IReadOnlyList<StereoPlane> Planes { get; }

    /// <summary>The stations.</summary>
    public IReadOnlyList<EndcapStation> Stations { get; }
}

/// <summary>The planes of a station.</summary>
/// <param name="Index">Its number.</param>
/// <param name="Planes">Indices of its planes.</param>
/// <param name="Z">Its middle plane, mm.</param>
internal sealed record EndcapStation(int Index, IReadOnlyList<int> Planes, double Z);

/// <summary>A plane that measures u = y cos a + x sin a.</summary>
/// <param name="Z">Centre of its gap, mm.</param>
/// <param name="Station">Station number.</param>
/// <param name="Cos">Cosine of its stereo angle.</param>
/// <param name="Sin">Sine of its stereo angle.</param>
internal readonly record struct StereoPlane(double Z, int Station, double Cos, double Sin)
{
    /// <summary>Whether it measures x too.</summary>
    public bool IsStereo => Math.Abs(Sin) > 1e-6;

    public double U(double x, double y) => (y * Cos) + (x * Sin);
}
