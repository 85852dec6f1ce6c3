namespace Sagitta.Physics.Detectors;

/// <summary>A spectrometer as its file describes it: a uniform field along +x and planes in order of z. Lengths in mm, field in
/// T.</summary>
public sealed record Detector
{
    internal Detector()
    {
    }

    /// <summary>Name, stored in event files and models so that they are never used with another detector.</summary>
    public string Name { get; internal init; } = "";
    /// <summary>Field along +x in T; the trajectory bends in the (y, z) plane.</summary>
    public double FieldTesla { get; internal init; }
    /// <summary>Planes in increasing z.</summary>
    internal IReadOnlyList<Plane> Planes { get; init; } = [];
    /// <summary>Resolution of a plane in mm as the file states it, or null.</summary>
    internal double? StatedResolution { get; init; }

    /// <summary>Resolution of a plane in mm for which limits are quoted and residuals are normalised: that of the file, or else what
    /// <see cref="PlaneResolution"/> expects of the planes, as the root of their mean square.</summary>
    internal double NominalResolution => StatedResolution
        ?? Math.Sqrt(Planes.Average(plane => Math.Pow(PlaneResolution.Expected(plane, Materials.GetValueOrDefault(plane.Gas)), 2)));

    /// <summary>Number of stations.</summary>
    public int StationCount => Planes.Count == 0 ? 0 : Planes[^1].Station + 1;

    /// <summary>The index of the middle plane of a station (the upper one of two), where its road centre is defined.</summary>
    internal int MiddlePlane(int station)
    {
        int first = -1;
        int last = -1;
        for (int i = 0; i < Planes.Count; i++)
        {
            if (Planes[i].Station == station)
            {
                first = first < 0 ? i : first;
                last = i;
            }
        }

        return first < 0 ? throw new ArgumentOutOfRangeException(
            nameof(station), $"Detector '{Name}' has stations 0 .. {StationCount - 1}.") : (first + last + 1) / 2;
    }

    /// <summary>Materials by name; empty for a detector that only reads hits (fits and graphs need none).</summary>
    internal IReadOnlyDictionary<string, Material> Materials { get; init; } = new Dictionary<string, Material>(StringComparer.Ordinal);
    /// <summary>Name of the material that fills the space between planes and before the first; empty for vacuum.</summary>
    internal string Medium { get; init; } = "";
    /// <summary>How strips fire.</summary>
    internal Readout Readout { get; init; } = new();

    /// <summary>Whether simulated muons radiate: pairs and photons of a few MeV and more, and the showers that they begin.</summary>
    internal bool HardRadiation { get; init; }

    /// <summary>The gas of a plane's gap.</summary>
    internal Material GasOf(Plane plane) => MaterialNamed(plane.Gas);

    /// <summary>What differs in the geometry that tracks are measured by: field, number of planes, station, z and pitch of a plane, to one
    /// micrometre (field: 1e-6 T). What alignment found does not count: it corrects the same detector. Null if nothing does.</summary>
    internal string? GeometryDifference(Detector other)
    {
        const double Tolerance = 1e-3;
        static bool Differ(double a, double b, double tolerance) => !(Math.Abs(a - b) <= tolerance);
        if (Differ(FieldTesla, other.FieldTesla, 1e-6))
        {
            return string.Create(CultureInfo.InvariantCulture, $"the field is {FieldTesla} T, not {other.FieldTesla} T");
        }

        if (Planes.Count != other.Planes.Count)
        {
            return $"there are {Planes.Count} planes, not {other.Planes.Count}";
        }

        for (int i = 0; i < Planes.Count; i++)
        {
            (Plane a, Plane b) = (Planes[i], other.Planes[i]);
            if (a.Station != b.Station)
            {
                return $"plane {i} belongs to station {a.Station}, not {b.Station}";
            }

            if (Differ(a.NominalZ, b.NominalZ, Tolerance))
            {
                return string.Create(CultureInfo.InvariantCulture, $"plane {i} is at z = {a.NominalZ} mm, not {b.NominalZ} mm");
            }

            if (Differ(a.StripPitch, b.StripPitch, Tolerance))
            {
                return string.Create(CultureInfo.InvariantCulture,
                    $"the strip pitch of plane {i} is {a.StripPitch} mm, not {b.StripPitch} mm");
            }
        }

        return null;
    }

    /// <summary>The same detector with its planes shifted by this much from where they were meant to stand, mm.</summary>
    internal Detector WithShifts(ReadOnlySpan<double> y, ReadOnlySpan<double> z)
    {
        Plane[] planes = [.. Planes];
        for (int i = 0; i < planes.Length; i++)
        {
            planes[i] = planes[i] with { Z = planes[i].NominalZ + z[i], ShiftY = y[i], ShiftZ = z[i] };
        }

        return this with { Planes = planes };
    }

    /// <summary>Whether tracks are measured by the same geometry; <see cref="GeometryDifference"/> says what differs.</summary>
    internal bool SameGeometry(Detector other) => GeometryDifference(other) is null;

    /// <summary>All material along +z from z = 0 to the back of the last plane, in order and without holes; vacuum counts as a
    /// material.</summary>
    internal IReadOnlyList<TraversedSlab> TraversedMaterial()
    {
        var slabs = new List<TraversedSlab>();
        Material medium = Medium.Length == 0 ? Material.Vacuum : MaterialNamed(Medium);
        double z = 0;
        for (int p = 0; p < Planes.Count; p++)
        {
            Plane plane = Planes[p];
            if (plane.Front > z)
            {
                slabs.Add(new(z, plane.Front - z, medium, -1));
            }

            z = plane.Front;
            foreach (Slab slab in plane.Before)
            {
                slabs.Add(new(z, slab.Thickness, slab.Material, -1, p));
                z += slab.Thickness;
            }

            slabs.Add(new(z, plane.GapThickness, GasOf(plane), p, p));
            z += plane.GapThickness;
            foreach (Slab slab in plane.After)
            {
                slabs.Add(new(z, slab.Thickness, slab.Material, -1, p));
                z += slab.Thickness;
            }
        }

        return slabs;
    }

    private Material MaterialNamed(string name) =>
        Materials.TryGetValue(name, out Material? material)
            ? material
            : throw new InvalidOperationException($"Detector '{Name}' has no material '{name}'; load it from its file or set Materials.");
}
