namespace Sagitta.Experiments.Inspection;

/// <summary>Says what a detector can measure: a spectrometer's planes, material and Cramer-Rao bound on momentum with and without a
/// vertex; a calorimeter's layers, material and beam.</summary>
/// <param name="PlaneSigma">Resolution of a plane, mm; null for that of the detector.</param>
/// <param name="VertexSigma">Error of y at z = 0 where a vertex constrains the track, mm.</param>
/// <param name="Momenta">pT in GeV at which the bound is stated.</param>
internal sealed record DetectorInspection(double? PlaneSigma, double VertexSigma, IReadOnlyList<double> Momenta)
{
    /// <summary>Lines about the detector of a file or of a shipped name. A momentum whose circle does not reach the last plane has no
    /// bound.</summary>
    /// <exception cref="BadInputException">No such file or name, or the file breaks a rule.</exception>
    public IEnumerable<string> Describe(string pathOrName)
    {
        bool calorimeter = DetectorFile.Find(pathOrName) is { } file
            && ConfigurationFile.ReadText(file).Split('\n').Any(line => line.StartsWith("groups:", StringComparison.Ordinal));
        return calorimeter ? Describe(TrackingCalorimeterFile.Load(pathOrName)) : Describe(DetectorFile.Load(pathOrName));
    }

    private string[] Describe(Detector detector)
    {
        CultureInfo culture = CultureInfo.InvariantCulture;
        TrackMaterial material = new(detector);
        double sigma = PlaneSigma ?? detector.NominalResolution;
        ResolutionLimit free = new(detector, sigma);
        ResolutionLimit constrained = new(detector, sigma, VertexSigma);
        return
        [
            string.Create(culture, $"{detector.Name}: {detector.Planes.Count} planes in {detector.StationCount} stations, z from "
                + $"{detector.Planes[0].Z:0.##} to {detector.Planes[^1].Z:0.##} mm, {detector.FieldTesla:0.##} T"),
            string.Create(culture, $"material up to the last plane: {material.TotalRadiationLengths:0.0000} radiation lengths, median loss "
                + $"{1000 * material.MedianLoss:0.00} MeV"),
            string.Create(culture, $"limit of the relative error of q/pT (Cramer-Rao), planes of {sigma:0.###} mm; with y at z = 0 known "
                + $"to {VertexSigma:0.###} mm"),
            .. Momenta.Select(pt => string.Create(culture,
                $"{pt,8:0.##} GeV  {Percent(free.Relative(pt)),9}  {Percent(constrained.Relative(pt)),9}")),
        ];
    }

    private static string[] Describe(TrackingCalorimeter calorimeter)
    {
        CultureInfo culture = CultureInfo.InvariantCulture;
        IReadOnlyList<double> z = calorimeter.LayerPositions;
        double lengths = calorimeter.Groups.Sum(group => group.Count * group.Before.Append(group.Sensitive).Concat(group.After)
            .Sum(slab => slab.Thickness / slab.Material.RadiationLength));
        ProtonBeam beam = calorimeter.Beam;
        double range = new RangeTable([new(calorimeter.Phantom, 1)]).Range(beam.Energy);
        return
        [
            string.Create(culture, $"{calorimeter.Name}: {z.Count} layers of {2 * calorimeter.HalfWidthX:0.##} mm x "
                + $"{2 * calorimeter.HalfWidthY:0.##} mm, z from {z[0]:0.##} to {z[^1]:0.##} mm"),
            .. calorimeter.Groups.Select(group => string.Create(culture, $"{group.Name}: {group.Count} layers, one every "
                + $"{group.Pitch:0.##} mm, {group.Sensitive.Thickness:0.####} mm of {group.Sensitive.Material.Name} each")),
            string.Create(culture, $"material of all layers: {lengths:0.0000} radiation lengths"),
            string.Create(culture, $"protons of {beam.Energy:0.##} MeV from z = {beam.Z:0.##} mm, which go {range:0.#} mm in "
                + $"{calorimeter.Phantom.Name}"),
        ];
    }

    private static string Percent(double relative) => double.IsNaN(relative) ? "-"
        : (100 * relative).ToString("0.000", CultureInfo.InvariantCulture) + " %";
}
