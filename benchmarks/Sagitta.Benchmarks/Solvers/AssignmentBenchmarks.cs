using BenchmarkDotNet.Attributes;

namespace Sagitta.Benchmarks.Solvers;

/// <summary>Assignments on random square matrices, dense and with a tenth of the entries allowed.</summary>
[MemoryDiagnoser]
public class AssignmentBenchmarks
{
    private readonly DenseAssignment _dense = new();
    private readonly SparseAssignment _sparse = new();
    private double[] _costs = [];
    private int[] _columnOfRow = [];
    private int[] _offsets = [];
    private int[] _columns = [];
    private double[] _entries = [];

    [Params(100, 200)]
    public int Size { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        RandomDraws draws = RandomKey.FromSeed(1).Draws();
        _costs = new double[Size * Size];
        _columnOfRow = new int[Size];
        _offsets = new int[Size + 1];
        List<int> columns = [];
        List<double> entries = [];
        for (int i = 0; i < Size; i++)
        {
            for (int j = 0; j < Size; j++)
            {
                double cost = draws.NextUniform();
                _costs[(i * Size) + j] = cost;
                if (i == j || draws.NextUniform() < 0.1)
                {
                    columns.Add(j);
                    entries.Add(cost);
                }
            }

            _offsets[i + 1] = columns.Count;
        }

        _columns = [.. columns];
        _entries = [.. entries];
    }

    [Benchmark]
    public int Dense() => _dense.Solve<double>(_costs, Size, Size, _columnOfRow).Cardinality;

    [Benchmark]
    public int Sparse() => _sparse.Solve<double>(_offsets, _columns, Size, _entries, _columnOfRow).Cardinality;
}
