namespace Sagitta.Experiments.Inspection;

/// <summary>Says what a tracking calorimeter is made of and how deep protons reach in it.</summary>
internal static class CalorimeterInspection
{
    private static readonly int[] _waters = [100, 150, 200, 250];

    /// <summary>Lines about the calorimeter of a file or of a shipped name.</summary>
    /// <exception cref="BadInputException">No such file or name, or the file breaks a rule.</exception>
    public static IReadOnlyList<string> Describe(string pathOrName)
    {
        CalorimeterGeometry geometry = CalorimeterGeometry.Load(pathOrName);
        double[] depths = geometry.Depths;
        RangeTable table = new([new(geometry.Calorimeter.Phantom, 1)]);
        double energy = geometry.Calorimeter.Beam.Energy, range = table.Range(energy);
        int reached = depths.Count(depth => depth < range);
        return
        [
            string.Create(
                CultureInfo.InvariantCulture, $"{geometry.Calorimeter.Name}: {depths.Length} layers, depths from {depths[0]:0.0} to ")
                + string.Create(CultureInfo.InvariantCulture, $"{depths[^1]:0.0} mm of water behind the first"),
            string.Create(
                CultureInfo.InvariantCulture,
                $"beam: protons of {energy:0.#} MeV +- {100 * geometry.Calorimeter.Beam.EnergySpread:0.##} %, ")
                + string.Create(CultureInfo.InvariantCulture, $"range {range:0.0} mm of water: {reached} layers without a phantom"),
            .. _waters.Where(water => water < range).Select(water => string.Create(
                CultureInfo.InvariantCulture,
                $"{water,5} mm of water in front: {table.Energy(range - water),6:0.0} MeV left, "
                    + $"{depths.Count(d => d < range - water),3} layers")),
        ];
    }
}
