using System.Numerics.Tensors;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace Sagitta.Experiments.Landscapes.Curvature;

/// <summary>The Lanczos process with full reorthogonalisation: an orthonormal basis of the Krylov space of a vector in which the matrix is
/// tridiagonal (Golub and Van Loan, Matrix Computations, 4th edition, section 10.1). Each new vector is made orthogonal to all before it,
/// twice, so no ghost copies of eigenvalues appear; the cost is small beside that of a product.</summary>
internal sealed class LanczosProcess
{
    private readonly ISymmetricMap _map;
    private readonly List<double[]> _vectors = [];
    private readonly List<double> _diagonal = [];
    private readonly List<double> _offDiagonal = [];
    private double[] _next;

    /// <summary>Begins at a vector, which need not have length 1 but some.</summary>
    public LanczosProcess(ISymmetricMap map, ReadOnlySpan<double> start)
    {
        _map = map;
        _next = start.ToArray();
        double norm = TensorPrimitives.Norm(start);
        if (!(norm > 0) || !double.IsFinite(norm))
        {
            throw new ArgumentException("The process needs a finite start vector other than zero.", nameof(start));
        }

        TensorPrimitives.Divide(_next, norm, _next);
    }

    public int Steps => _diagonal.Count;
    /// <summary>Whether the Krylov space is whole: it maps to itself and further steps are impossible.</summary>
    public bool Exhausted { get; private set; }
    /// <summary>Length of what the last step added: times the last component of a Ritz vector it is that vector's residual.</summary>
    public double Remainder { get; private set; }

    /// <summary>Takes one step, one product. Returns false, without a step, once the space is exhausted.</summary>
    public bool Step()
    {
        if (Exhausted)
        {
            return false;
        }

        if (_vectors.Count > 0)
        {
            _offDiagonal.Add(Remainder);
        }

        double[] vector = _next;
        _vectors.Add(vector);
        double[] product = new double[_map.Length];
        _map.Apply(vector, product);
        double scale = TensorPrimitives.Norm(product);
        _diagonal.Add(TensorPrimitives.Dot<double>(vector, product));
        Orthogonalise(product);
        Remainder = TensorPrimitives.Norm(product);
        Exhausted = !(Remainder > 1e-12 * scale);
        if (!Exhausted)
        {
            TensorPrimitives.Divide(product, Remainder, product);
        }
        else
        {
            Remainder = 0;
        }

        _next = product;
        return true;
    }

    /// <summary>Goes on in the rest of the space from the part of a vector that is orthogonal to the basis, after the Krylov space was
    /// exhausted. Returns false if nothing of the vector is left.</summary>
    public bool Restart(ReadOnlySpan<double> vector)
    {
        double[] rest = vector.ToArray();
        double before = TensorPrimitives.Norm(vector);
        Orthogonalise(rest);
        double norm = TensorPrimitives.Norm<double>(rest);
        if (!(norm > 1e-6 * before))
        {
            return false;
        }

        TensorPrimitives.Divide(rest, norm, rest);
        _next = rest;
        Exhausted = false;
        return true;
    }

    /// <summary>Eigenvalues of the tridiagonal matrix, ascending, and its eigenvectors as columns.</summary>
    public (double[] Values, Matrix<double> Vectors) Ritz()
    {
        DenseMatrix tridiagonal = DenseMatrix.Create(Steps, Steps, 0);
        for (int i = 0; i < Steps; i++)
        {
            tridiagonal[i, i] = _diagonal[i];
            if (i + 1 < Steps)
            {
                tridiagonal[i, i + 1] = _offDiagonal[i];
                tridiagonal[i + 1, i] = _offDiagonal[i];
            }
        }

        Evd<double> decomposition = tridiagonal.Evd(Symmetricity.Symmetric);
        return ([.. decomposition.EigenValues.Select(value => value.Real)], decomposition.EigenVectors);
    }

    /// <summary>A Ritz vector: the combination of the basis with these coefficients.</summary>
    public double[] Combine(Vector<double> coefficients)
    {
        double[] sum = new double[_map.Length];
        for (int i = 0; i < Steps; i++)
        {
            TensorPrimitives.MultiplyAdd(_vectors[i], coefficients[i], sum, sum);
        }

        return sum;
    }

    private void Orthogonalise(double[] vector)
    {
        for (int pass = 0; pass < 2; pass++)
        {
            foreach (double[] earlier in _vectors)
            {
                TensorPrimitives.MultiplyAdd(earlier, -TensorPrimitives.Dot<double>(earlier, vector), vector, vector);
            }
        }
    }
}
