namespace Sagitta.Experiments.Endcap;

/// <summary>What an endcap can measure.</summary>
internal static class EndcapInspection
{
    private static readonly double[] _momenta = [5, 10, 20, 50, 100, 200];
    private static readonly double[] _slopes = [0.22, 0.28, 0.36];

    /// <summary>Lines about a detector: planes, walls, field, and the bound on the error of q/p by momentum and angle.</summary>
    public static IEnumerable<string> Describe(string pathOrName)
    {
        CultureInfo culture = CultureInfo.InvariantCulture;
        EndcapDetector detector = EndcapDetector.Load(pathOrName);
        EndcapGeometry geometry = new(detector);
        EndcapLimit limit = new(new EndcapModel(detector));
        double sigma = geometry.Strips.NominalResolution;
        yield return string.Create(culture, $"{detector.Name}: {geometry.Planes.Count} planes in {geometry.Stations.Count} stations, "
            + $"{geometry.Planes.Count(p => p.IsStereo)} of them stereo, z from {geometry.Planes[0].Z:0.##} to "
                + $"{geometry.Planes[^1].Z:0.##} mm");
        FieldBox box = detector.Field.Box;
        yield return double.IsFinite(box.LowZ) ? string.Create(culture, $"field: a map from z = {box.LowZ:0.##} to {box.HighZ:0.##} mm, "
            + $"y = {box.LowY:0.##} to {box.HighY:0.##} mm") : "field: uniform";
        if (detector.PlanesOutsideField is { Count: > 0 } outside)
        {
            yield return string.Create(culture, $"{outside.Count} planes stand outside of the map, where the field is zero: {string.Join(
                ", ", outside.Select(p => p.ToString(culture)))}");
        }

        foreach (EndcapWall wall in detector.Walls)
        {
            yield return string.Create(culture, $"wall of {wall.Slab.Thickness:0.##} mm {wall.Slab.Material.Name} at z = {wall.Z:0.##} mm, "
                + $"{wall.Slab.RadiationLengths:0.000} radiation lengths");
        }

        yield return string.Create(culture, $"limit of the relative error of q/p (Cramer-Rao), planes of {sigma:0.###} mm, scattering "
            + $"included; dy/dz = {string.Join(", ", _slopes.Select(slope => slope.ToString(culture)))} from the origin");
        foreach (double momentum in _momenta)
        {
            yield return string.Create(culture, $"{momentum,8:0.##} GeV  ") + string.Join("  ", _slopes.Select(slope =>
            {
                double relative = limit.Relative(momentum, 0, slope);
                return (double.IsNaN(relative) ? "-" : (100 * relative).ToString("0.000", culture) + " %").PadLeft(9);
            }));
        }
    }
}
