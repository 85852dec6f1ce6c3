namespace Sagitta.Experiments.Validation;

/// <summary>What a validation compares of protons in a tracking calorimeter, layer by layer. Rows of electrons, positrons and photons are
/// left out.</summary>
internal sealed class CalorimeterQuantities
{
    private readonly List<double>[] _deposits;
    private readonly List<double>[] _kinks;
    private readonly List<double> _lastLayers = [];

    /// <summary>Gathers the passages of events 0 .. <paramref name="protons"/> - 1; positions of the layers are in mm.</summary>
    public CalorimeterQuantities(CalorimeterDeposits deposits, int protons, IReadOnlyList<double> layerPositions)
    {
        int layers = layerPositions.Count;
        Protons = protons;
        Survivors = new int[layers];
        SecondaryRows = new int[layers];
        _deposits = [.. Enumerable.Range(0, layers).Select(_ => new List<double>())];
        _kinks = [.. Enumerable.Range(0, layers).Select(_ => new List<double>())];
        int[] order = [.. Enumerable.Range(0, deposits.Count).Where(row => Math.Abs(deposits.Particle[row]) is not (11 or 22))
            .OrderBy(row => deposits.EventNumber[row])];
        int[] rowOfLayer = new int[layers];
        double squares = 0;
        for (int first = 0; first < order.Length;)
        {
            Array.Fill(rowOfLayer, -1);
            int next = first;
            int secondary = 0;
            for (; next < order.Length && deposits.EventNumber[order[next]] == deposits.EventNumber[order[first]]; next++)
            {
                int row = order[next];
                int layer = deposits.Layer[row];
                if (layer >= layers)
                {
                    continue;
                }

                if (deposits.Parent[row] == 0)
                {
                    rowOfLayer[layer] = rowOfLayer[layer] < 0 ? row : rowOfLayer[layer];
                }
                else
                {
                    SecondaryRows[layer]++;
                    secondary++;
                }
            }

            squares += (double)secondary * secondary;
            AddPrimary(deposits, rowOfLayer, layerPositions);
            first = next;
        }

        SecondaryRowsPerProton = (double)SecondaryRows.Sum() / protons;
        SecondaryRowsError = Math.Sqrt(Math.Max((squares / protons) - (SecondaryRowsPerProton * SecondaryRowsPerProton), 0) / protons);
        LastLayers = _lastLayers.Count > 0 ? new(_lastLayers) : new([-1]);
    }

    /// <summary>Number of beam protons, those without a hit included.</summary>
    public int Protons { get; }
    /// <summary>Beam protons with a hit, per layer.</summary>
    public int[] Survivors { get; }
    /// <summary>Rows of secondaries, per layer.</summary>
    public int[] SecondaryRows { get; }
    /// <summary>Rows of secondaries for each beam proton.</summary>
    public double SecondaryRowsPerProton { get; }
    /// <summary>Its standard error, over events.</summary>
    public double SecondaryRowsError { get; }
    /// <summary>Deepest layer of each beam proton that made a hit.</summary>
    public Distribution LastLayers { get; }

    /// <summary>The layer where most beam protons end.</summary>
    public int PeakLayer => Enumerable.Range(0, Survivors.Length).MaxBy(
        layer => Survivors[layer] - (layer + 1 < Survivors.Length ? Survivors[layer + 1] : 0));

    /// <summary>Deposits of beam protons in a layer, keV; there must be some.</summary>
    public Distribution Deposits(int layer) => new(_deposits[layer]);

    /// <summary>Changes of slope at a layer, both projections, mrad; at layer 0 the slope itself. There must be some.</summary>
    public Distribution Kinks(int layer) => new(_kinks[layer]);

    /// <summary>Mean deepest layer of the beam protons that end within 3 layers of <paramref name="peak"/>, and its standard
    /// error.</summary>
    public (double Mean, double Error) StopNear(int peak) => MeanOf(_lastLayers.Where(layer => Math.Abs(layer - peak) <= 3));

    /// <summary>Mean deepest layer of all beam protons with a hit, and its standard error.</summary>
    public (double Mean, double Error) Stop => MeanOf(_lastLayers);

    private static (double Mean, double Error) MeanOf(IEnumerable<double> values)
    {
        double[] all = [.. values];
        double mean = all.Average();
        return (mean, Math.Sqrt(all.Sum(value => (value - mean) * (value - mean)) / all.Length / all.Length));
    }

    private void AddPrimary(CalorimeterDeposits deposits, int[] rowOfLayer, IReadOnlyList<double> z)
    {
        double Slope(double[] of, int layer) => (of[rowOfLayer[layer + 1]] - of[rowOfLayer[layer]]) / (z[layer + 1] - z[layer]);
        int last = -1;
        for (int layer = 0; layer < rowOfLayer.Length; layer++)
        {
            if (rowOfLayer[layer] < 0)
            {
                continue;
            }

            last = layer;
            Survivors[layer]++;
            _deposits[layer].Add(1000 * deposits.Energy[rowOfLayer[layer]]);
            if (layer + 1 == rowOfLayer.Length || rowOfLayer[layer + 1] < 0 || (layer > 0 && rowOfLayer[layer - 1] < 0))
            {
                continue;
            }

            foreach (double[] of in new[] { deposits.X, deposits.Y })
            {
                _kinks[layer].Add(1000 * (Slope(of, layer) - (layer > 0 ? Slope(of, layer - 1) : 0)));
            }
        }

        if (last >= 0)
        {
            _lastLayers.Add(last);
        }
    }
}
